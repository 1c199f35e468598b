"""When each run reached its target: counted in epochs, put on the clock by the step cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.grid import BlockGrid, block_grids
from experiments.design.study import Study

Clock = Mapping[tuple[str, str], float]  # (dataset, cell) → seconds of an epoch by step cost

_MEASURE = "val_accuracy"


@dataclass(frozen=True)
class TargetGrid:
    """A dataset's epochs to target, and its clock.

    Attributes
    ----------
    grid : BlockGrid
        All blocks.
    target : float
        The validation accuracy to reach, a share.
    horizon_epochs : float
        Epochs of the baseline up to which runs are followed, named beforehand.
    epochs : array, shape (n_blocks, n_cells)
        Epochs to target; infinite for a miss, NaN where no run counts.
    epoch_s : array, shape (n_cells,)
        Seconds of one epoch of each cell by the measured step costs; NaN where none is known.
    """

    grid: BlockGrid
    target: float
    horizon_epochs: float
    epochs: NDArray[np.float64]
    epoch_s: NDArray[np.float64]

    @property
    def seconds(self) -> NDArray[np.float64]:
        """Seconds to target on the step-cost clock, as `epochs`."""
        return self.epochs * self.epoch_s

    @property
    def horizon(self) -> float:
        """The horizon in seconds: the baseline's, the same for every cell."""
        base = self.grid.baseline
        return self.horizon_epochs * float(self.epoch_s[base]) if base is not None else np.nan

    def of(self, cells: NDArray[np.int64] | int) -> NDArray[np.float64]:
        """Return the seconds of all runs of these cells, shape (n_runs,)."""
        return known(self.seconds[:, cells])


def known(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the times of the runs that count, flat."""
    return times[~np.isnan(times)]


def epochs_to_target(history: pd.DataFrame, target: float) -> pd.Series:
    """Return after how many epochs each run first reached the target.

    Parameters
    ----------
    history : DataFrame
        Columns `run_key`, `epoch` (from 1) and `val_accuracy`.
    target : float
        Validation accuracy, a share.

    Returns
    -------
    Series
        run_key → epochs; infinite for a run that never did. Runs without history are absent.
    """
    hit = history[_MEASURE] >= target
    return history["epoch"].astype(float).where(hit, inf).groupby(history["run_key"]).min()


def target_grids(
    runs: pd.DataFrame,
    study: Study,
    history: pd.DataFrame,
    *,
    horizons: Mapping[str, float],
    clock: Clock,
) -> Iterator[TargetGrid]:
    """Lay out the time to target of every dataset.

    The target of a dataset for which the study names none is the median of the baseline's best
    validation accuracy: half of the baseline's runs reach it by construction.

    Parameters
    ----------
    runs, study
        As for `component_effects`.
    history : DataFrame
        Columns `run_key, epoch, val_accuracy`.
    horizons : mapping
        Epochs of the baseline per dataset up to which runs are followed: the protocol's number
        of epochs, so that it is named before any of them. A slower cell's later epochs lie
        beyond it.
    clock : mapping
        Seconds of an epoch by measured step cost. Wall times of runs are no clock: they move with
        what else the machine does.

    Yields
    ------
    TargetGrid
        A run that ended without the target or diverged missed it (infinite); one that failed, is
        missing or was not tuned says nothing (NaN). A dataset without target or history is left
        out.
    """
    for grid in block_grids(runs, study):
        target = study.target.get(grid.dataset, _default_target(grid))
        part = history[history["run_key"].isin(grid.runs["run_key"])]
        if np.isnan(target) or part.empty:
            continue
        reached = epochs_to_target(part, target)
        times = grid.runs["run_key"].map(reached).to_numpy(np.float64)[grid.rows]
        diverged = grid.has_status("diverged")
        times = np.where(diverged, inf, np.where(grid.has_status("ok"), times, np.nan))
        rates = [clock.get((grid.dataset, cell), np.nan) for cell in grid.cells]
        horizon = float(horizons[grid.dataset])
        yield TargetGrid(grid, target, horizon, times, np.array(rates, np.float64))


def _default_target(grid: BlockGrid) -> float:
    """Return the median over replicates of the baseline's best validation accuracy, or NaN."""
    if grid.baseline is None:
        return float("nan")
    best = known(grid.response(_MEASURE)[:, grid.baseline])
    return float(np.median(best)) if best.size else float("nan")
