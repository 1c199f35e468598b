"""Designs: worked cell counts, and what every design keeps."""

from itertools import combinations, product

import numpy as np
import pytest

from experiments.designs import cell_name, cells
from experiments.factors import Factor, Level
from experiments.fractional import aliases, generators, resolution
from experiments.rules import Rule


def two_level(n: int) -> list[Factor]:
    return [Factor(f"f{i}", (Level("off", {}), Level("on", {})), "on") for i in range(n)]


@pytest.mark.parametrize(
    ("design", "count"),
    [
        ("full", 64),
        ("leave_one_out", 7),
        ("add_one_in", 7),
        ("one_factor", 7),
        ("pairs", 22),
        ("fractional", 16),
    ],
)
def test_six_components_give_the_textbook_number_of_cells(design: str, count: int) -> None:
    found = cells(design, two_level(6))
    assert len(found) == count
    assert len({tuple(levels.values()) for levels in found}) == count


def test_all_levels_of_a_multi_level_factor_enter_full_and_one_factor() -> None:
    optimizer = Factor("optimizer", tuple(Level(x, {}) for x in ("sgd", "rms", "adam")), "rms")
    assert len(cells("full", [optimizer, *two_level(2)])) == 12
    assert len(cells("one_factor", [optimizer, *two_level(2)])) == 5
    seen = {levels["optimizer"] for levels in cells("pairs", [optimizer, *two_level(2)])}
    assert seen == {"sgd", "rms"}


def test_an_excluded_combination_is_left_out() -> None:
    found = cells(
        "full", two_level(3), rules=[Rule({"f0": frozenset({"on"}), "f2": frozenset({"on"})})]
    )
    assert len(found) == 6
    assert not any(levels["f0"] == levels["f2"] == "on" for levels in found)


@pytest.mark.parametrize("n", range(4, 12))
def test_a_fraction_is_orthogonal_and_of_resolution_four_or_better(n: int) -> None:
    factors = two_level(n)
    names = [f.name for f in factors]
    found = cells("fractional", factors)
    signs = np.array([[1 if lv[x] == "on" else -1 for x in names] for lv in found])
    assert len(found) < 2**n
    # Main effects are balanced, orthogonal to each other and to every two-way interaction.
    assert not signs.sum(axis=0).any()
    np.testing.assert_array_equal(signs.T @ signs, len(found) * np.eye(n))
    for (a, b), c in product(combinations(range(n), 2), range(n)):
        if c not in (a, b):
            assert (signs[:, a] * signs[:, b] * signs[:, c]).sum() == 0
    order = resolution(generators(names)[1])
    assert order is not None and order >= 4
    assert all(lv == "off" for lv in found[0].values())


def test_aliased_interactions_have_the_same_column() -> None:
    factors = two_level(6)
    names = [f.name for f in factors]
    found = cells("fractional", factors)
    column = {x: np.array([1 if lv[x] == "on" else -1 for lv in found]) for x in names}
    groups = aliases(names, generators(names)[1])
    assert groups
    for group in groups:
        products = [np.prod([column[x] for x in pair], axis=0) for pair in group]
        assert all((abs(p) == abs(products[0])).all() for p in products)
        assert all(abs(p @ products[0]) == len(found) for p in products)


def test_cell_names_say_what_is_on() -> None:
    optimizer = Factor("optimizer", tuple(Level(x, {}) for x in ("sgd", "rms", "adam")), "adam")
    factors = [optimizer, *two_level(2)]
    assert cell_name(factors, {"optimizer": "sgd", "f0": "off", "f1": "off"}) == "sgd"
    assert cell_name(factors, {"optimizer": "adam", "f0": "on", "f1": "on"}) == "adam+f0+f1"
    assert cell_name(two_level(2), {"f0": "off", "f1": "off"}) == "baseline"
