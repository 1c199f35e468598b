"""Contrasts: pairs, quads, and the rule for lost runs."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.contrasts import (
    complete_rectangle,
    contrast,
    interaction_units,
    main_effect_units,
)
from experiments.analysis.grid import block_grids

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
    return next(block_grids(runs, switches))


def test_textbook_main_effects(etch) -> None:
    values = etch.response("test_accuracy")
    effects = [contrast(etch, values, main_effect_units(etch, f, 1)) for f in range(3)]

    assert [e.per_block.mean() for e in effects] == pytest.approx([-101.625, 7.375, 306.125])
    assert [e.units.shape for e in effects] == [(2, 4)] * 3
    assert [e.n_cells for e in effects] == [8] * 3


def test_textbook_interactions_are_half_of_ours(etch) -> None:
    values = etch.response("test_accuracy")
    pairs = [(0, 1), (0, 2), (1, 2)]
    found = [contrast(etch, values, interaction_units(etch, (a, 1), (b, 1))) for a, b in pairs]

    halves = [e.per_block.mean() / 2 for e in found]

    assert halves == pytest.approx([-24.875, -153.625, -2.125])


def test_a_lost_run_costs_its_pair_in_every_block(run_table, factors) -> None:
    runs = run_table(factors, {"l2:on": 0.1}, sd=0.0)
    runs.loc[runs["run_key"] == "mnist-cell-sgd-on-off-off-2", "status"] = "diverged"
    runs = runs[runs["run_key"] != "mnist-cell-adam-off-on-off-4"]
    grid = next(block_grids(runs, factors))

    effect = contrast(grid, grid.response("test_accuracy"), main_effect_units(grid, 1, 1))

    assert effect.per_block == pytest.approx([0.1] * 5)
    assert effect.units.shape == (5, 14)
    assert effect.n_units_planned == 16
    assert (effect.n_missing, effect.n_diverged) == (1, 1)
    assert effect.divergence.with_level == pytest.approx(1 / 80)
    assert effect.divergence.without == 0
    used = np.flatnonzero(effect.weights)
    assert not {grid.column([0, 1, 0, 0]), grid.column([3, 0, 1, 0])} & set(used)


def test_a_lost_replicate_costs_its_block(run_table, switches) -> None:
    runs = run_table(switches)
    lost = (runs["replicate"] == 1) & (runs["cell"] != "placebo")
    runs.loc[lost, "status"] = "failed"
    grid = next(block_grids(runs, switches))

    effect = contrast(grid, grid.response("test_accuracy"), main_effect_units(grid, 2, 1))

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
    grid = next(block_grids(only, switches))

    effect = contrast(grid, grid.response("test_accuracy"), main_effect_units(grid, 0, 1))

    assert effect.n_units_planned == 0
    assert effect.per_block.size == 0
