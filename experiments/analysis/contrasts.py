"""Contrasts: the weights on cells that turn one block into one number, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.grid import BlockGrid
from experiments.analysis.verdicts import Divergence


@dataclass(frozen=True)
class BlockContrast:
    """One number per complete block: the mean of the same units in each.

    Attributes
    ----------
    units : array, shape (n_blocks, n_units)
        Value of each unit (a difference between two cells, say) in each kept block.
    blocks : array, shape (n_blocks,)
        Rows of the grid that were kept.
    weights : array, shape (n_cells,)
        Weights on the grid's cells that give the mean over the kept units.
    n_units_planned : int
        Units before incomplete ones were left out.
    n_missing, n_diverged : int
        Runs that the planned contrast needs and that failed or are absent, or diverged.
    divergence : Divergence
        Share of diverged runs among the cells with positive and with negative weight.
    """

    units: NDArray[np.float64]
    blocks: NDArray[np.int64]
    weights: NDArray[np.float64]
    n_units_planned: int
    n_missing: int
    n_diverged: int
    divergence: Divergence

    @property
    def per_block(self) -> NDArray[np.float64]:
        """The contrast in each kept block, shape (n_blocks,)."""
        return self.units.mean(axis=1) if self.units.size else np.empty(0)

    @property
    def n_cells(self) -> int:
        """Number of cells that enter."""
        return int(np.count_nonzero(self.weights))


def contrast(
    grid: BlockGrid, response: NDArray[np.float64], units: NDArray[np.float64]
) -> BlockContrast:
    """Apply a contrast to every block, under the rule for missing and diverged runs.

    A run that is missing, failed or diverged has no response, and no value is invented for it.
    So that every block averages the same units, the largest complete part is kept: as long as a
    unit is incomplete in some block, the unit or the block with the largest share of gaps is left
    out (the unit when they tie). One lost run of a full factorial thus costs one pair of cells
    in every block, a lost replicate costs its block.

    Parameters
    ----------
    grid : BlockGrid
        The blocks.
    response : array, shape (n_blocks, n_cells)
        Response per run, NaN where there is none.
    units : array, shape (n_units, n_cells)
        Weights of each unit, summing to zero; a block's contrast is the mean over units.
    """
    needed = units != 0
    usable = (np.isfinite(response)[:, None, :] | ~needed[None]).all(axis=2)
    kept_blocks, kept_units = complete_rectangle(usable)
    values = np.nan_to_num(response) @ units.T
    kept = values[np.ix_(kept_blocks, kept_units)]
    weights = units[kept_units].mean(axis=0) if len(kept_units) else np.zeros(units.shape[1])
    cells = needed.any(axis=0)
    diverged = grid.has_status("diverged")
    gone = ~np.isfinite(response) & ~diverged
    total = units.sum(axis=0)
    return BlockContrast(
        kept,
        kept_blocks,
        weights,
        len(units),
        int(gone[:, cells].sum()),
        int(diverged[:, cells].sum()),
        Divergence(_share(diverged[:, total > 0]), _share(diverged[:, total < 0])),
    )


def complete_rectangle(usable: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and columns kept when the line with most gaps goes until none is left."""
    rows, columns = np.arange(usable.shape[0]), np.arange(usable.shape[1])
    while rows.size and columns.size:
        gaps = ~usable[np.ix_(rows, columns)]
        per_row, per_column = gaps.mean(axis=1), gaps.mean(axis=0)
        if not gaps.any():
            return rows, columns
        if per_column.max() >= per_row.max():
            columns = np.delete(columns, per_column.argmax())
        else:
            rows = np.delete(rows, per_row.argmax())
    return rows[:0], columns[:0]


def unit(grid: BlockGrid, terms: list[tuple[float, tuple[int, ...]]]) -> NDArray[np.float64]:
    """Return one unit Σ weight · cell as an array (1, n_cells); (0, n_cells) if a cell lacks."""
    weights = np.zeros((1, len(grid.cells)))
    for weight, codes in terms:
        column = grid.column(codes)
        if column is None:
            return weights[:0]
        weights[0, column] += weight
    return weights


def main_effect_units(grid: BlockGrid, factor: int, level: int) -> NDArray[np.float64]:
    """Return all pairs of cells that differ only in `factor`: `level` minus null level.

    On a full factorial their mean is the main effect; on a smaller design the effect is
    conditioned on the combinations that the design holds. A regular fraction holds no such pair:
    there the one unit is the mean of the cells with `level` minus the mean of those without.
    """
    pairs = [
        unit(grid, [(1.0, codes), (-1.0, _set(codes, {factor: 0}))])
        for codes in _cells_with(grid, {factor: level})
    ]
    found = np.concatenate([np.zeros((0, len(grid.cells))), *pairs])
    return found if len(found) else _halves_unit(grid, factor, level)


def _halves_unit(grid: BlockGrid, factor: int, level: int) -> NDArray[np.float64]:
    """Return (mean with) − (mean without) where both sides hold every other level equally often.

    Without this balance another component's effect would leak in: then (0, n_cells).
    """
    sides = [_cells_with(grid, {factor: code}) for code in (level, 0)]
    others = [index for index in range(len(grid.factors)) if index != factor]
    counts = [[sorted(codes[i] for codes in side) for i in others] for side in sides]
    if len(sides[0]) < 2 or counts[0] != counts[1]:
        return np.zeros((0, len(grid.cells)))
    signs = zip((1.0, -1.0), sides, strict=True)
    return unit(grid, [(sign / len(side), codes) for sign, side in signs for codes in side])


def interaction_units(grid: BlockGrid, a: tuple[int, int], b: tuple[int, int]) -> NDArray:
    """Return all quads (a and b) − (a alone) − (b alone) + neither, `a` and `b` (factor, level).

    The mean is the difference between the effect of `a` with `b` and its effect without. It is
    twice the interaction of textbooks on 2^k designs, which halve it.
    """
    quads = []
    for codes in _cells_with(grid, dict([a, b])):
        signs = product(((1.0, True), (-1.0, False)), repeat=2)
        terms = [
            (s * t, _set(codes, {a[0]: a[1] * with_a, b[0]: b[1] * with_b}))
            for (s, with_a), (t, with_b) in signs
        ]
        quads.append(unit(grid, terms))
    return np.concatenate([np.zeros((0, len(grid.cells))), *quads])


def _cells_with(grid: BlockGrid, levels: dict[int, int]) -> list[tuple[int, ...]]:
    cells = [tuple(int(code) for code in row) for row in grid.codes[~grid.is_placebo]]
    return [codes for codes in cells if all(codes[f] == level for f, level in levels.items())]


def _set(codes: tuple[int, ...], levels: dict[int, int]) -> tuple[int, ...]:
    return tuple(levels.get(factor, code) for factor, code in enumerate(codes))


def _share(mask: NDArray[np.bool_]) -> float:
    return float(mask.mean()) if mask.size else 0.0
