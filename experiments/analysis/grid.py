"""The runs of one dataset laid out as blocks × cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.design.factors import Factor

_NEEDED = ("run_key", "dataset", "cell", "arm", "replicate", "status")


@dataclass(frozen=True)
class BlockGrid:
    """Runs of one dataset: a row per block (replicate), a column per cell, placebo last.

    Attributes
    ----------
    dataset : str
        Name of the dataset.
    factors : tuple of Factor
        What was varied, in the order of the columns of `codes`.
    replicates : array, shape (n_blocks,)
        Replicate of each row, ascending.
    cells : tuple of str
        Name of each column.
    codes : array, shape (n_cells, n_factors)
        Level of each factor in each cell, 0 for the null level.
    is_placebo : array of bool, shape (n_cells,)
        Whether the column is a placebo arm rather than a cell of the design.
    rows : array, shape (n_blocks, n_cells)
        Row of `runs` that holds the run, −1 where it is missing.
    runs : DataFrame
        The dataset's part of the run table.
    """

    dataset: str
    factors: tuple[Factor, ...]
    replicates: NDArray[np.int64]
    cells: tuple[str, ...]
    codes: NDArray[np.int64]
    is_placebo: NDArray[np.bool_]
    rows: NDArray[np.int64]
    runs: pd.DataFrame

    def response(self, column: str) -> NDArray[np.float64]:
        """Return `column` as (n_blocks, n_cells), NaN where no run ended with status ok.

        It is laid out once, and read-only.
        """
        if column not in self._responses:
            values = self.runs[column].to_numpy(np.float64, na_value=np.nan)
            values = np.where(self.has_status("ok"), values[self.rows], np.nan)
            values.flags.writeable = False
            self._responses[column] = values
        return self._responses[column]

    def has_status(self, status: str) -> NDArray[np.bool_]:
        """Return where a run ended with this status, shape (n_blocks, n_cells)."""
        return np.asarray((self._statuses == status) & (self.rows >= 0))

    @cached_property
    def _responses(self) -> dict[str, NDArray[np.float64]]:
        return {}

    @cached_property
    def _firsts(self) -> dict[int, BlockGrid]:
        return {}

    @cached_property
    def _statuses(self) -> NDArray[np.object_]:
        return self.runs["status"].to_numpy(object)[self.rows]

    def column(self, codes: Sequence[int]) -> int | None:
        """Return the column of the cell with these levels, None when the design lacks it."""
        hits = np.flatnonzero((self.codes == np.asarray(codes)).all(axis=1) & ~self.is_placebo)
        return int(hits[0]) if len(hits) else None

    def first(self, n_blocks: int) -> BlockGrid:
        """Return the grid of the blocks with a replicate below `n_blocks`."""
        if n_blocks not in self._firsts:
            kept = self.replicates < n_blocks
            part = replace(self, replicates=self.replicates[kept], rows=self.rows[kept])
            self._firsts[n_blocks] = part
        return self._firsts[n_blocks]

    def reached(self, cells: NDArray[np.bool_], counts: Sequence[int]) -> int:
        """Return how many looks these cells have reached.

        A look at n blocks is reached when each of the cells has a row, however its run ended, in
        each of the replicates 0 … n − 1.
        """
        there = np.all(self.rows[:, cells] >= 0, axis=1)
        done = [int(there[self.replicates < n].sum()) == n for n in counts]
        return len(done) if all(done) else done.index(False)

    def whole(self, counts: Sequence[int]) -> BlockGrid:
        """Return the grid at the last look that every cell of the design has reached.

        Blocks in which a study left out cells on purpose would change what is averaged over them.
        Without looks all blocks are whole; before the first look those that are there.
        """
        if len(counts) < 2:
            return self
        return self.first(counts[max(1, self.reached(~self.is_placebo, counts)) - 1])

    @property
    def baseline(self) -> int | None:
        """The column of the baseline: every factor at its null level."""
        return self.column([0] * len(self.factors))

    @property
    def is_full(self) -> bool:
        """Whether every combination of levels is a cell of the design."""
        return int((~self.is_placebo).sum()) == int(np.prod([len(f.levels) for f in self.factors]))


def block_grids(runs: pd.DataFrame, factors: Sequence[Factor]) -> Iterator[BlockGrid]:
    """Lay out a run table, one grid per dataset in the order of their first rows.

    Parameters
    ----------
    runs : DataFrame
        The run table: one row per run with `run_key, dataset, cell, arm, replicate, status`, one
        column of level labels per factor, and responses.
    factors : sequence of Factor
        The study's factors.

    Yields
    ------
    BlockGrid
        A run that the table lacks is missing if its cell and its replicate occur elsewhere in
        the dataset.

    Raises
    ------
    ValueError
        If a column is missing, a label is unknown, or a cell holds a replicate twice.
    """
    _check_columns(runs, factors)
    for dataset, part in runs.groupby("dataset", sort=False):
        yield _grid(str(dataset), part.reset_index(drop=True), tuple(factors))


def _grid(dataset: str, runs: pd.DataFrame, factors: tuple[Factor, ...]) -> BlockGrid:
    placebo = (runs["arm"] == "placebo").to_numpy(bool)
    codes = np.column_stack([_codes(runs[factor.name], factor) for factor in factors])
    keys, column = np.unique(np.column_stack([placebo, codes]), axis=0, return_inverse=True)
    replicates, block = np.unique(runs["replicate"].to_numpy(np.int64), return_inverse=True)
    rows = np.full((len(replicates), len(keys)), -1, dtype=np.int64)
    rows[block, column] = np.arange(len(runs))
    if np.count_nonzero(rows >= 0) != len(runs):
        raise ValueError(
            f"the run table of {dataset} must hold each cell × replicate once; "
            f"got {len(runs)} rows for {np.count_nonzero(rows >= 0)} runs. "
            "Build the table from one study's plan."
        )
    first = [int(np.flatnonzero(column == c)[0]) for c in range(len(keys))]
    names = tuple(str(name) for name in runs["cell"].iloc[first])
    is_placebo = keys[:, 0].astype(bool)
    return BlockGrid(dataset, factors, replicates, names, keys[:, 1:], is_placebo, rows, runs)


def _codes(labels: pd.Series, factor: Factor) -> NDArray[np.int64]:
    code_of = {label: code for code, label in enumerate(factor.labels)}
    codes = np.array([code_of.get(label, -1) for label in labels.astype(str)], dtype=np.int64)
    if (codes < 0).any():
        raise ValueError(
            f"the run table's column {factor.name!r} must hold levels of the factor "
            f"({', '.join(factor.labels)}); got {labels[codes < 0].iloc[0]!r}. "
            "Rebuild the table with `dvc repro`."
        )
    return codes


def _check_columns(runs: pd.DataFrame, factors: Sequence[Factor]) -> None:
    needed = [*_NEEDED, *(factor.name for factor in factors)]
    absent = [name for name in needed if name not in runs.columns]
    if absent:
        raise ValueError(
            f"the run table must have the columns {', '.join(needed)}; it lacks "
            f"{', '.join(absent)}. Rebuild the table with `dvc repro`."
        )
