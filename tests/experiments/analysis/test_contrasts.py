"""Contrasts: pairs, quads, and the rule for lost runs."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.contrasts import complete_rectangle, contrast
from experiments.analysis.grid import block_grids
from experiments.analysis.units import interaction_units, main_effect_units
from tests.experiments.analysis.conftest import study_of

# Montgomery, Design and Analysis of Experiments, plasma etching: gap, gas flow, power; etch rate.
ETCH = {
    "": (550, 604),
    "a": (669, 650),
    "b": (633, 601),
    "ab": (642, 635),
    "c": (1037, 1052),
    "ac": (749, 868),
    "bc": (1075, 1063),
    "abc": (729, 860),
}


@pytest.fixture
def etch(run_table, switches):
    runs = run_table(switches, replicates=2, placebo=False)
    on = runs[["a", "b", "c"]].eq("on").to_numpy()
    names = ["".join(np.array(list("abc"))[row]) for row in on]
    pairs = zip(names, runs["replicate"], strict=True)
    runs["test_accuracy"] = [float(ETCH[name][replicate]) for name, replicate in pairs]
    return next(block_grids(runs, study_of(switches, runs)))


def test_textbook_main_effects(etch) -> None:
    values = etch.response("test_accuracy")
    effects = [contrast(etch, values, main_effect_units(etch, f, "on", "off")) for f in "abc"]

    assert [e.per_block.mean() for e in effects] == pytest.approx([-101.625, 7.375, 306.125])
    assert [e.units.shape for e in effects] == [(2, 4)] * 3
    assert [e.n_cells for e in effects] == [8] * 3


def test_textbook_interactions_are_half_of_ours(etch) -> None:
    values = etch.response("test_accuracy")
    pairs = ["ab", "ac", "bc"]
    units = [interaction_units(etch, (a, "on"), (b, "on")) for a, b in pairs]
    found = [contrast(etch, values, own) for own in units]

    halves = [e.per_block.mean() / 2 for e in found]

    assert halves == pytest.approx([-24.875, -153.625, -2.125])


def test_a_lost_run_costs_its_pair_in_every_block(run_table, factors) -> None:
    runs = run_table(factors, {"l2:on": 0.1}, sd=0.0)
    runs.loc[runs["run_key"] == "mnist-cell-sgd-on-off-off-2", "status"] = "diverged"
    runs = runs[runs["run_key"] != "mnist-cell-adam-off-on-off-4"]
    grid = next(block_grids(runs, study_of(factors, runs)))

    units = main_effect_units(grid, "l2", "on", "off")
    effect = contrast(grid, grid.response("test_accuracy"), units)

    assert effect.per_block == pytest.approx([0.1] * 5)
    assert effect.units.shape == (5, 14)
    assert effect.n_units_planned == 16
    assert (effect.n_missing, effect.n_diverged) == (1, 1)
    assert not effect.divergence.any_alone  # one cell of sixteen is not the side
    used = np.flatnonzero(effect.weights)
    off = {"l2": "off", "dropout": "off", "augmentation": "off"}
    lost = [{"optimizer": "sgd", **off, "l2": "on"}, {"optimizer": "adam", **off, "dropout": "on"}]
    assert not {grid.column(levels) for levels in lost} & set(used)


def test_a_lost_replicate_costs_its_block(run_table, switches) -> None:
    runs = run_table(switches)
    lost = (runs["replicate"] == 1) & (runs["cell"] != "placebo")
    runs.loc[lost, "status"] = "failed"
    grid = next(block_grids(runs, study_of(switches, runs)))

    units = main_effect_units(grid, "c", "on", "off")
    effect = contrast(grid, grid.response("test_accuracy"), units)

    assert effect.blocks.tolist() == [0, 2, 3, 4]
    assert effect.units.shape == (4, 4)
    assert effect.n_missing == 8


def test_rectangle_is_complete_and_never_smaller_than_needed() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        usable = rng.random((5, 8)) > 0.15
        rows, columns = complete_rectangle(usable)
        assert usable[np.ix_(rows, columns)].all()
    rows, columns = complete_rectangle(np.ones((3, 4), bool))
    assert (len(rows), len(columns)) == (3, 4)
    assert complete_rectangle(np.zeros((2, 2), bool))[0].size == 0


def test_a_design_without_partners_has_no_units(run_table, switches) -> None:
    runs = run_table(switches)
    only = runs[runs["cell"].isin(["", "a+b", "placebo"])]
    grid = next(block_grids(only, study_of(switches, only)))

    units = main_effect_units(grid, "a", "on", "off")
    effect = contrast(grid, grid.response("test_accuracy"), units)

    assert effect.n_units_planned == 0
    assert effect.per_block.size == 0


def _fraction(run_table, factors, effects):
    from experiments.design.designs import cells

    runs = run_table(factors, effects, sd=0.0, placebo=False)
    names = [factor.name for factor in factors]
    kept = {tuple(levels[n] for n in names) for levels in cells("fractional", factors)}
    return runs[[row in kept for row in runs[names].itertuples(index=False, name=None)]]


def test_a_fraction_compares_its_halves_and_no_other_effect_leaks_in(run_table, two_level) -> None:
    effects = {"f0:on": 0.01, "f1:on": -0.02, "f2:on f3:on": 0.03, "f5:on": 0.005}
    runs = _fraction(run_table, two_level(6), effects)
    grid = next(block_grids(runs, study_of(two_level(6), runs)))
    values = grid.response("test_accuracy")

    units = [main_effect_units(grid, f"f{i}", "on", "off") for i in range(6)]
    found = [contrast(grid, values, own) for own in units]

    # An interaction counts half in each of its two main effects, as in the full factorial.
    expected = [0.01, -0.02, 0.015, 0.015, 0.0, 0.005]
    assert [e.per_block.mean() for e in found] == pytest.approx(expected, abs=1e-12)
    assert [(e.n_cells, e.units.shape) for e in found] == [(16, (5, 1))] * 6


def test_halves_that_are_not_balanced_are_not_compared(run_table, two_level) -> None:
    runs = _fraction(run_table, two_level(4), {})
    runs = runs[~(runs[["f0", "f1"]] == "on").all(axis=1)]
    grid = next(block_grids(runs, study_of(two_level(4), runs)))

    assert main_effect_units(grid, "f0", "on", "off").shape == (0, len(grid.cells))


def test_a_lost_run_of_a_fraction_costs_its_block(run_table, two_level) -> None:
    runs = _fraction(run_table, two_level(4), {"f1:on": 0.1})
    lost = runs.index[(runs["replicate"] == 2) & (runs["f1"] == "on")][0]
    grid = next(block_grids(runs.drop(index=lost), study_of(two_level(4), runs)))

    units = main_effect_units(grid, "f1", "on", "off")
    effect = contrast(grid, grid.response("test_accuracy"), units)

    assert effect.per_block == pytest.approx([0.1] * 4)
    assert effect.n_missing == 1
