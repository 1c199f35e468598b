"""Leave-one-out beside add-one-in."""

from __future__ import annotations

import pytest

from experiments.analysis.contrasts import contrast
from experiments.analysis.grid import block_grids
from experiments.analysis.removal import add_one_in_unit, full_codes, leave_one_out_unit


def test_redundant_components_lose_less_than_they_add(run_table, factors) -> None:
    effects = {"optimizer:adam": 0.03, "l2:on": 0.01, "optimizer:adam l2:on": -0.004}
    grid = next(block_grids(run_table(factors, effects, sd=0.0), factors))
    values = grid.response("test_accuracy")

    added = contrast(grid, values, add_one_in_unit(grid, 1, 1)).per_block
    removed = contrast(grid, values, leave_one_out_unit(grid, 1, 1)).per_block

    assert added == pytest.approx([0.01] * 5)
    assert removed == pytest.approx([0.006] * 5)


def test_the_full_recipe_takes_the_named_alternatives(run_table, factors) -> None:
    grid = next(block_grids(run_table(factors), factors))

    assert full_codes(grid, 1, 1) == (3, 1, 1, 1)
    assert full_codes(grid, 0, 2) == (2, 1, 1, 1)


def test_the_designs_of_the_same_name_hold_one_of_the_two(run_table, switches) -> None:
    runs = run_table(switches)
    singles = next(block_grids(runs[runs["cell"].isin(["", "a", "b", "c"])], switches))
    leave = ["a+b+c", "a+b", "a+c", "b+c"]
    without_one = next(block_grids(runs[runs["cell"].isin(leave)], switches))

    assert leave_one_out_unit(singles, 0, 1).shape == (0, 4)
    assert add_one_in_unit(singles, 0, 1).shape == (1, 4)
    assert leave_one_out_unit(without_one, 0, 1).shape == (1, 4)
    assert add_one_in_unit(without_one, 0, 1).shape == (0, 4)
