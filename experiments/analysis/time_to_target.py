"""The time-to-target tables: per cell and per component, in epochs and on the step-cost clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.columns import Column, names
from experiments.analysis.contrasts import contrast
from experiments.analysis.paired import PairedEstimate, paired_t
from experiments.analysis.questions import component_levels
from experiments.analysis.survival import summarize
from experiments.analysis.target_grid import TargetGrid, known
from experiments.analysis.units import main_effect_units
from experiments.design.contrast_levels import Switch

_UNITS = {"epochs": "epochs", "s": "s"}


def cell_times(grids: Iterable[TargetGrid]) -> pd.DataFrame:
    """Summarize the time to target of every cell; see `survival.summarize`.

    Returns
    -------
    DataFrame
        `CELL_SCHEMA`, one row per dataset × cell, the placebo arm included. No interval stands
        beside a median of a handful of runs: none would cover.
    """
    rows = [
        {
            "dataset": item.grid.dataset,
            "cell": item.grid.cells[cell],
            "arm": "placebo" if item.grid.is_placebo[cell] else "cell",
            **_target(item),
            **_summary(item, np.array([cell])),
        }
        for item in grids
        for cell in range(len(item.grid.cells))
    ]
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def component_times(grids: Iterable[TargetGrid]) -> pd.DataFrame:
    """Summarize the time to target with and without each component.

    Returns
    -------
    DataFrame
        `COMPONENT_SCHEMA`: the summaries of all runs with the level and of their partners with
        the null level, and the main effect on the restricted time min(time, horizon), with
        Student's t interval over blocks. Negative is sooner.
    """
    rows = [
        _component_row(item, switch) for item in grids for switch in component_levels(item.grid)
    ]
    return pd.DataFrame(rows, columns=list(COMPONENT_COLUMNS))


def _component_row(item: TargetGrid, switch: Switch) -> dict[str, Any]:
    units = main_effect_units(item.grid, *switch)
    names = ("dataset", "component", "level", "null_level")
    row: dict[str, Any] = dict(zip(names, (item.grid.dataset, *switch), strict=True))
    row |= _target(item)
    for side, signed in (("with", units), ("without", -units)):
        cells = np.flatnonzero((signed > 0).any(axis=0))
        row |= {f"{name}_{side}": value for name, value in _summary(item, cells).items()}
    clocks = {"epochs": (item.epochs, item.horizon_epochs), "s": (item.seconds, item.horizon)}
    for unit, (times, horizon) in clocks.items():
        estimate = _difference(item, times, horizon, units)
        row |= {f"difference_{unit}": estimate.mean, f"ci_low_{unit}": estimate.ci_low}
        row |= {f"ci_high_{unit}": estimate.ci_high}
        row.setdefault("n_blocks", estimate.n)
    return row


def _difference(
    item: TargetGrid,
    times: NDArray[np.float64],
    horizon: float,
    units: NDArray[np.float64],
) -> PairedEstimate:
    restricted = contrast(item.grid, np.minimum(times, horizon), units)
    return paired_t(restricted.per_block, confidence=1 - item.grid.study.alpha)


def _target(item: TargetGrid) -> dict[str, float]:
    return {
        "target": item.target,
        "horizon_epochs": item.horizon_epochs,
        "horizon_s": item.horizon,
    }


def _summary(item: TargetGrid, cells: NDArray[np.int64]) -> dict[str, Any]:
    """Summarize the runs of some cells in epochs and in seconds.

    Whether a run reached the target is told by the clock where there is one.
    """
    epochs = summarize(known(item.epochs[:, cells]), item.horizon_epochs)
    seconds = summarize(item.of(cells), item.horizon)
    counts = seconds if seconds.n == epochs.n else epochs
    return {
        "n": counts.n,
        "n_reached": counts.n_reached,
        "share_reached": counts.share_reached,
        "median_epochs": epochs.median,
        "restricted_mean_epochs": epochs.restricted_mean,
        "median_s": seconds.median,
        "restricted_mean_s": seconds.restricted_mean,
    }


_TARGET = (
    Column("target", "", "validation response to reach, unscaled"),
    Column("horizon_epochs", "epochs", "epochs of the baseline that runs were followed for"),
    Column("horizon_s", "s", "the same on the step-cost clock"),
)
_SUMMARY = (
    Column("n", "", "runs that count"),
    Column("n_reached", "", "runs that reached the target within the horizon"),
    Column("share_reached", "", "their share", description=True),
    Column("median_epochs", "epochs", "Kaplan–Meier median; infinite: fewer than half reached it",
           description=True),
    Column("restricted_mean_epochs", "epochs", "mean of min(time, horizon)", description=True),
    Column("median_s", "s", "the median on the step-cost clock", description=True),
    Column("restricted_mean_s", "s", "the mean on the step-cost clock", description=True),
)  # fmt: skip
CELL_SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("cell", "", "name of the cell"),
    Column("arm", "", "cell or placebo"),
    *_TARGET,
    *_SUMMARY,
)
CELL_COLUMNS = names(CELL_SCHEMA)
COMPONENT_SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("component", "", "factor"),
    Column("level", "", "its level"),
    Column("null_level", "", "its null level"),
    *_TARGET,
    *(
        Column(f"{c.name}_{side}", c.unit, f"{c.meaning}, {side} it", c.description)
        for side in ("with", "without")
        for c in _SUMMARY
    ),
    Column("n_blocks", "", "complete blocks behind the differences"),
    *(
        Column(f"{name}_{ending}", unit, meaning, description=True)
        for ending, unit in _UNITS.items()
        for name, meaning in (
            ("difference", "mean paired difference of the restricted time; negative is sooner"),
            ("ci_low", "lower end of its interval"),
            ("ci_high", "upper end of its interval"),
        )
    ),
)
COMPONENT_COLUMNS = names(COMPONENT_SCHEMA)
