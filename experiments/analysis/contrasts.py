"""Contrasts: one number per block from weights on its cells, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.divergence import Divergence, divergence
from experiments.analysis.grid import BlockGrid
from experiments.analysis.resolution import least_sd


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
    n_blocks, n_units_planned : int
        Blocks and units before incomplete ones were left out.
    n_missing, n_diverged, n_not_tuned : int
        Runs that the planned contrast needs and that failed or are absent, diverged, or were
        not started because every trial of their arm diverged.
    divergence : Divergence
        Blocks in which exactly one side diverged.
    least_sd : float
        Spread that the test images alone give a block's value; 0 where they are unknown.
    identical : bool
        Whether the two sides left bit-identical parameters in every kept block.
    """

    units: NDArray[np.float64]
    blocks: NDArray[np.int64]
    weights: NDArray[np.float64]
    n_blocks: int
    n_units_planned: int
    n_missing: int
    n_diverged: int
    n_not_tuned: int
    divergence: Divergence
    least_sd: float
    identical: bool

    @property
    def per_block(self) -> NDArray[np.float64]:
        """The contrast in each kept block, shape (n_blocks,)."""
        return self.units.mean(axis=1) if self.units.size else np.empty(0)

    @property
    def n_cells(self) -> int:
        """Number of cells that enter."""
        return int(np.count_nonzero(self.weights))


def contrast(
    grid: BlockGrid,
    response: NDArray[np.float64],
    units: NDArray[np.float64],
    *,
    n_test: NDArray[np.float64] | None = None,
) -> BlockContrast:
    """Apply a contrast to every block, under the rule for missing and diverged runs.

    A run that is missing, failed or diverged has no response, and no value is invented for it.
    So that every block averages the same units, the largest complete part is kept: as long as a
    unit is incomplete in some block, the unit or the block with the largest share of gaps is left
    out (the unit when they tie). One lost run of a full factorial thus costs one pair of cells
    in every block, a lost replicate costs its block. Runs that a study left out on purpose are
    no gaps: pass the grid of the blocks that were planned for this contrast (`grid.first`).

    Parameters
    ----------
    grid : BlockGrid
        The planned blocks.
    response : array, shape (n_blocks, n_cells)
        Response per run, NaN where there is none.
    units : array, shape (n_units, n_cells)
        Weights of each unit, summing to zero; a block's contrast is the mean over units.
    n_test : array, shape (n_blocks, n_cells), optional
        Test images behind each run's response, where it is a share of them.
    """
    needed = units != 0
    usable = (np.isfinite(response)[:, None, :] | ~needed[None]).all(axis=2)
    kept_blocks, kept_units = complete_rectangle(usable)
    values = np.nan_to_num(response) @ units.T
    kept = values[np.ix_(kept_blocks, kept_units)]
    weights = units[kept_units].mean(axis=0) if len(kept_units) else np.zeros(units.shape[1])
    cells = needed.any(axis=0)
    diverged, not_tuned = grid.has_status("diverged"), grid.has_status("not_tuned")
    gone = ~np.isfinite(response) & ~diverged & ~not_tuned
    floor = 0.0 if n_test is None else least_sd(kept, units[kept_units], n_test[kept_blocks])
    return BlockContrast(
        kept,
        kept_blocks,
        weights,
        len(response),
        len(units),
        int(gone[:, cells].sum()),
        int(diverged[:, cells].sum()),
        int(not_tuned[:, cells].sum()),
        divergence(diverged, grid.rows >= 0, units.sum(axis=0)),
        floor,
        bool(kept.size) and not kept.any() and _cancels(grid, kept_blocks, units[kept_units]),
    )


def _cancels(grid: BlockGrid, blocks: NDArray[np.int64], units: NDArray[np.float64]) -> bool:
    """Tell whether every unit is zero because its runs ended with the same parameters."""
    if "parameters_sha256" not in grid.runs:
        return False
    digests = grid.runs["parameters_sha256"].fillna("").astype(str).to_numpy()
    for block in blocks:
        for weights in units:
            cells = np.flatnonzero(weights)
            names, group = np.unique(digests[grid.rows[block, cells]], return_inverse=True)
            if "" in names or np.bincount(group, weights[cells]).any():
                return False
    return True


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
