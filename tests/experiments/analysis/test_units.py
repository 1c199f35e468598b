"""Leave-one-out beside add-one-in."""

from __future__ import annotations

import pytest

from experiments.analysis.contrasts import contrast
from experiments.analysis.grid import block_grids
from experiments.analysis.units import add_one_in_unit, full_levels, leave_one_out_unit
from tests.experiments.analysis.conftest import study_of


def test_redundant_components_lose_less_than_they_add(run_table, factors) -> None:
    effects = {"optimizer:adam": 0.03, "l2:on": 0.01, "optimizer:adam l2:on": -0.004}
    runs = run_table(factors, effects, sd=0.0)
    grid = next(block_grids(runs, study_of(factors, runs)))
    values = grid.response("test_accuracy")

    added = contrast(grid, values, add_one_in_unit(grid, "l2", "on", "off")).per_block
    removed = contrast(grid, values, leave_one_out_unit(grid, "l2", "on", "off")).per_block

    assert added == pytest.approx([0.01] * 5)
    assert removed == pytest.approx([0.006] * 5)


def test_the_full_recipe_takes_the_named_alternatives(run_table, factors) -> None:
    runs = run_table(factors)
    grid = next(block_grids(runs, study_of(factors, runs)))
    on = {"l2": "on", "dropout": "on", "augmentation": "on"}

    assert full_levels(grid, "l2", "on") == {"optimizer": "adam", **on}
    assert full_levels(grid, "optimizer", "rmsprop") == {"optimizer": "rmsprop", **on}


def test_the_designs_of_the_same_name_hold_one_of_the_two(run_table, switches) -> None:
    runs = run_table(switches)
    study = study_of(switches, runs)
    singles = next(block_grids(runs[runs["cell"].isin(["", "a", "b", "c"])], study))
    leave = ["a+b+c", "a+b", "a+c", "b+c"]
    without_one = next(block_grids(runs[runs["cell"].isin(leave)], study))

    assert leave_one_out_unit(singles, "a", "on", "off").shape == (0, 4)
    assert add_one_in_unit(singles, "a", "on", "off").shape == (1, 4)
    assert leave_one_out_unit(without_one, "a", "on", "off").shape == (1, 4)
    assert add_one_in_unit(without_one, "a", "on", "off").shape == (0, 4)
