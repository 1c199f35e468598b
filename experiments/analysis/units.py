"""Units: the weights on cells whose mean is a main effect, an interaction or a removal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.grid import BlockGrid
from experiments.design.designs import Levels

Units = NDArray[np.float64]


def unit(grid: BlockGrid, terms: list[tuple[float, Levels]]) -> Units:
    """Return one unit Σ weight · cell as an array (1, n_cells); (0, n_cells) if a cell lacks."""
    weights = np.zeros((1, len(grid.cells)))
    for weight, levels in terms:
        column = grid.column(levels)
        if column is None:
            return weights[:0]
        weights[0, column] += weight
    return weights


def main_effect_units(grid: BlockGrid, factor: str, level: str, against: str) -> Units:
    """Return all pairs of cells that differ only in `factor`: `level` minus `against`.

    On a full factorial their mean is the main effect; on a smaller design the effect is
    conditioned on the combinations that the design holds. A regular fraction holds no such pair:
    there the one unit is the mean of the cells with `level` minus the mean of those without.
    """
    pairs = [
        unit(grid, [(1.0, levels), (-1.0, {**levels, factor: against})])
        for levels in _cells_with(grid, {factor: level})
    ]
    found = np.concatenate([np.zeros((0, len(grid.cells))), *pairs])
    return found if len(found) else _halves_unit(grid, factor, (level, against))


def _halves_unit(grid: BlockGrid, factor: str, sides: tuple[str, str]) -> Units:
    """Return (mean with) − (mean without) where both sides hold every other level equally often.

    Without this balance another component's effect would leak in: then (0, n_cells).
    """
    with_it, without = (_cells_with(grid, {factor: label}) for label in sides)
    others = [other.name for other in grid.study.factors if other.name != factor]
    held = [[sorted(levels[name] for levels in side) for name in others]
            for side in (with_it, without)]  # fmt: skip
    if len(with_it) < 2 or held[0] != held[1]:
        return np.zeros((0, len(grid.cells)))
    signs = ((1.0, with_it), (-1.0, without))
    return unit(grid, [(sign / len(side), levels) for sign, side in signs for levels in side])


def against_baseline(grid: BlockGrid, cell: int) -> Units:
    """Return cell − baseline as one unit, none for the baseline itself or without a baseline."""
    weights = np.zeros((1, len(grid.cells)))
    if grid.baseline is None or cell == grid.baseline:
        return weights[:0]
    weights[0, [cell, grid.baseline]] = 1.0, -1.0
    return weights


def interaction_units(grid: BlockGrid, a: tuple[str, str], b: tuple[str, str]) -> Units:
    """Return all quads (a and b) − (a alone) − (b alone) + neither, `a` and `b` (factor, level).

    The mean is the difference between the effect of `a` with `b` and its effect without. It is
    twice the interaction of textbooks on 2^k designs, which halve it.
    """
    null = grid.study.baseline
    off_a, off_b = ({factor: null[factor]} for factor, _ in (a, b))
    quads = [
        unit(
            grid,
            [
                *((1.0, levels), (-1.0, {**levels, **off_b})),
                *((-1.0, {**levels, **off_a}), (1.0, {**levels, **off_a, **off_b})),
            ],
        )
        for levels in _cells_with(grid, dict([a, b]))
    ]
    return np.concatenate([np.zeros((0, len(grid.cells))), *quads])


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


def _cells_with(grid: BlockGrid, wanted: Levels) -> list[Levels]:
    cells = zip(grid.levels, grid.is_placebo, strict=True)
    return [own for own, placebo in cells if not placebo and wanted.items() <= own.items()]
