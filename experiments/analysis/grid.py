"""The runs of one dataset laid out as blocks × cells."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.design.designs import Levels
from experiments.design.factors import Factor
from experiments.design.study import Study

_NEEDED = ("run_key", "dataset", "cell", "arm", "replicate", "status")


@dataclass(frozen=True)
class BlockGrid:
    """Runs of one dataset: a row per block (replicate), a column per cell, placebo last.

    Attributes
    ----------
    dataset : str
        Name of the dataset.
    study : Study
        Whose runs they are.
    replicates : array, shape (n_blocks,)
        Replicate of each row, ascending.
    cells : tuple of str
        Name of each column.
    levels : tuple of dict
        Level of every factor in each column.
    is_placebo : array of bool, shape (n_cells,)
        Whether the column is a placebo arm rather than a cell of the design.
    rows : array, shape (n_blocks, n_cells)
        Row of `runs` that holds the run, −1 where it is missing.
    runs : DataFrame
        The dataset's part of the run table.
    """

    dataset: str
    study: Study
    replicates: NDArray[np.int64]
    cells: tuple[str, ...]
    levels: tuple[Levels, ...]
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

    def column(self, levels: Levels) -> int | None:
        """Return the column of the cell with these levels, None when the design lacks it."""
        return self._columns.get(frozenset(levels.items()))

    @cached_property
    def _columns(self) -> dict[frozenset[tuple[str, str]], int]:
        cells = np.flatnonzero(~self.is_placebo).tolist()
        return {frozenset(self.levels[cell].items()): cell for cell in cells}

    def has_level(self, factor: str, level: str) -> NDArray[np.bool_]:
        """Return which columns have this level of a factor, shape (n_cells,)."""
        return np.array([levels[factor] == level for levels in self.levels], dtype=bool)

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of blocks at which the dataset is judged; empty for one look at all."""
        counts = self.study.looks[self.dataset]
        return counts if len(counts) > 1 else ()

    def first(self, n_blocks: int) -> BlockGrid:
        """Return the grid of the blocks with a replicate below `n_blocks`."""
        if n_blocks not in self._firsts:
            kept = self.replicates < n_blocks
            part = replace(self, replicates=self.replicates[kept], rows=self.rows[kept])
            self._firsts[n_blocks] = part
        return self._firsts[n_blocks]

    def at(self, look: int) -> BlockGrid:
        """Return the blocks planned up to a look, from 1; before the first, those of the first."""
        return self.first(self.counts[max(1, look) - 1]) if self.counts else self

    def reached(self, cells: NDArray[np.bool_]) -> int:
        """Return how many looks these cells have reached.

        A look at n blocks is reached when each of the cells has a row, however its run ended, in
        each of the replicates 0 … n − 1.
        """
        there = np.all(self.rows[:, cells] >= 0, axis=1)
        done = [int(there[self.replicates < n].sum()) == n for n in self.counts]
        return len(done) if all(done) else done.index(False)

    @property
    def whole(self) -> BlockGrid:
        """The grid at the last look that every cell of the design has reached.

        Blocks in which a study left out cells on purpose would change what is averaged over them.
        With one look all blocks are whole; before the first look those that are there.
        """
        return self.at(self.reached(~self.is_placebo))

    @property
    def baseline(self) -> int | None:
        """The column of the baseline: every factor at its null level."""
        return self.column(self.study.baseline)

    @property
    def is_full(self) -> bool:
        """Whether every combination of levels is a cell of the design."""
        counts = [len(factor.levels) for factor in self.study.factors]
        return int((~self.is_placebo).sum()) == math.prod(counts)


def block_grids(runs: pd.DataFrame, study: Study) -> Iterator[BlockGrid]:
    """Lay out a run table, one grid per dataset in the order of their first rows.

    Parameters
    ----------
    runs : DataFrame
        The run table: one row per run with `run_key, dataset, cell, arm, replicate, status`, one
        column of level labels per factor, and responses.
    study : Study
        Whose runs they are.

    Yields
    ------
    BlockGrid
        Its cells in the order of their factors' levels. A run that the table lacks is missing if
        its cell and its replicate occur elsewhere in the dataset.

    Raises
    ------
    ValueError
        If a column is missing, a label is unknown, or a cell holds a replicate twice.
    """
    _check_columns(runs, study.factors)
    for dataset, part in runs.groupby("dataset", sort=False):
        yield _grid(str(dataset), part.reset_index(drop=True), study)


def _grid(dataset: str, runs: pd.DataFrame, study: Study) -> BlockGrid:
    placebo = (runs["arm"] == "placebo").to_numpy(bool)
    codes = np.column_stack([_codes(runs[factor.name], factor) for factor in study.factors])
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
    cells = runs.iloc[[int(np.flatnonzero(column == c)[0]) for c in range(len(keys))]]
    names, labels = list(study.baseline), cells[list(study.baseline)].astype(str).to_numpy()
    levels = tuple(dict(zip(names, own, strict=True)) for own in labels)
    called, is_placebo = tuple(cells["cell"].astype(str)), keys[:, 0].astype(bool)
    return BlockGrid(dataset, study, replicates, called, levels, is_placebo, rows, runs)


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
