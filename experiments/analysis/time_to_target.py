"""The time-to-target tables: per cell and per component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.contrasts import contrast, main_effect_units
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.paired import paired_t
from experiments.analysis.survival import summarize, times_to_target
from experiments.design.factors import Factor

_SUMMARY = ("n", "n_reached", "median_s", "restricted_mean_s")
CELL_COLUMNS = ("dataset", "cell", "arm", "target", "horizon_s", *_SUMMARY)
COMPONENT_COLUMNS = (
    *("dataset", "component", "level", "null_level", "target", "horizon_s"),
    *(f"{name}_with" for name in _SUMMARY),
    *(f"{name}_without" for name in _SUMMARY),
    *("n_blocks", "difference_s", "ci_low_s", "ci_high_s"),
)


@dataclass(frozen=True)
class TargetGrid:
    """A dataset's seconds to target: per block and cell, NaN where no run counts."""

    grid: BlockGrid
    target: float
    horizon: float
    seconds: NDArray[np.float64]

    def of(self, cells: NDArray[np.int64] | int) -> NDArray[np.float64]:
        """Return the seconds of all runs of these cells, shape (n_runs,)."""
        seconds = self.seconds[:, cells].ravel()
        return seconds[~np.isnan(seconds)]


def default_target(grid: BlockGrid) -> float:
    """Return the median over replicates of the baseline's best validation accuracy, or NaN."""
    if grid.baseline is None:
        return float("nan")
    best = grid.response("val_accuracy")[:, grid.baseline]
    best = best[np.isfinite(best)]
    return float(np.median(best)) if best.size else float("nan")


def target_grids(
    runs: pd.DataFrame,
    history: pd.DataFrame,
    factors: Sequence[Factor],
    targets: Mapping[str, float] | None = None,
) -> Iterator[TargetGrid]:
    """Lay out the seconds to target of every dataset.

    Parameters
    ----------
    runs, factors
        As for `component_effects`; `val_accuracy` is the run's best.
    history : DataFrame
        Columns `run_key, epoch, val_accuracy, elapsed_s`.
    targets : mapping, optional
        Validation accuracy per dataset; for others the median baseline best. Half of the
        baseline's runs then reach it by construction.

    Yields
    ------
    TargetGrid
        The horizon is the longest time that a run of the dataset was followed. A run that ended
        without the target or diverged missed it (infinite); one that failed or is missing says
        nothing (NaN). A dataset without target or history is left out.
    """
    for grid in block_grids(runs, factors):
        target = (targets or {}).get(grid.dataset, default_target(grid))
        part = history[history["run_key"].isin(grid.runs["run_key"])]
        if np.isnan(target) or part.empty:
            continue
        times = grid.runs["run_key"].map(times_to_target(part, target)).to_numpy(np.float64)
        ended = grid.has_status("ok") | grid.has_status("diverged")
        seconds = np.where(np.isnan(times[grid.rows]), np.inf, times[grid.rows])
        seconds = np.where(grid.has_status("diverged"), np.inf, seconds)
        known = ended & (grid.has_status("diverged") | ~np.isnan(times[grid.rows]))
        yield TargetGrid(
            grid, target, float(part["elapsed_s"].max()), np.where(known, seconds, np.nan)
        )


def cell_times(
    runs: pd.DataFrame,
    history: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    targets: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Summarize the time to target of every cell; see `target_grids` and `survival.summarize`.

    Returns
    -------
    DataFrame
        `CELL_COLUMNS`, one row per dataset × cell, the placebo arm included. No interval stands
        beside a median of a handful of runs: none would cover.
    """
    rows = [
        {
            "dataset": item.grid.dataset,
            "cell": item.grid.cells[cell],
            "arm": "placebo" if item.grid.is_placebo[cell] else "cell",
            "target": item.target,
            "horizon_s": item.horizon,
            **asdict(summarize(item.of(cell), item.horizon)),
        }
        for item in target_grids(runs, history, factors, targets)
        for cell in range(len(item.grid.cells))
    ]
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def component_times(
    runs: pd.DataFrame,
    history: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    targets: Mapping[str, float] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Summarize the time to target with and without each component.

    Returns
    -------
    DataFrame
        `COMPONENT_COLUMNS`: the summaries of all runs with the level and of their partners with
        the null level, and `difference_s`, the main effect on the restricted time min(time,
        horizon), with Student's t interval over blocks. Negative is faster.
    """
    rows = [
        _component_row(item, factor, level, confidence)
        for item in target_grids(runs, history, factors, targets)
        for factor in range(len(item.grid.factors))
        for level in sorted(set(item.grid.codes[:, factor].tolist()) - {0})
    ]
    return pd.DataFrame(rows, columns=list(COMPONENT_COLUMNS))


def _component_row(item: TargetGrid, index: int, level: int, confidence: float) -> dict[str, Any]:
    grid, factor = item.grid, item.grid.factors[index]
    units = main_effect_units(grid, index, level)
    restricted = contrast(grid, np.minimum(item.seconds, item.horizon), units)
    estimate = paired_t(restricted.per_block, confidence=confidence)
    row: dict[str, Any] = {"dataset": grid.dataset, "component": factor.name}
    row |= {"level": factor.labels[level], "null_level": factor.null}
    row |= {"target": item.target, "horizon_s": item.horizon}
    for side, signed in (("with", units), ("without", -units)):
        cells = np.flatnonzero((signed > 0).any(axis=0))
        summary = asdict(summarize(item.of(cells), item.horizon))
        row |= {f"{name}_{side}": value for name, value in summary.items()}
    row |= {"n_blocks": estimate.n, "difference_s": estimate.mean}
    return row | {"ci_low_s": estimate.ci_low, "ci_high_s": estimate.ci_high}
