"""Leave-one-out beside add-one-in: a component taken from the full recipe, or put in the bare."""

from __future__ import annotations

from experiments.analysis.grid import BlockGrid
from experiments.analysis.units import Units, unit
from experiments.design.designs import Levels


def leave_one_out_unit(grid: BlockGrid, factor: str, level: str, against: str) -> Units:
    """Return (all components on) − (all on but `against` here): what its removal loses.

    "On" is `level` for `factor` and the named alternative for every other factor. The sign is
    that of the component's presence: positive when the full recipe is better with it.

    Returns
    -------
    array, shape (1, n_cells)
        Weights, or (0, n_cells) when the design lacks one of the two cells.
    """
    full = full_levels(grid, factor, level)
    return unit(grid, [(1.0, full), (-1.0, {**full, factor: against})])


def add_one_in_unit(grid: BlockGrid, factor: str, level: str, against: str) -> Units:
    """Return (baseline with this component) − baseline: what it adds alone; form as above."""
    base = grid.study.baseline
    return unit(grid, [(1.0, {**base, factor: level}), (-1.0, {**base, factor: against})])


def full_levels(grid: BlockGrid, factor: str, level: str) -> Levels:
    """Return "all on": `level` for `factor`, the alternative for the others."""
    return {own.name: own.alternative for own in grid.study.factors} | {factor: level}
