"""Runtime and performance with and without each component."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.columns import Column, interval, names
from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.outcome import Outcome, outcome
from experiments.analysis.questions import component_levels
from experiments.analysis.time_ratio import time_ratio
from experiments.analysis.units import main_effect_units
from experiments.design.contrast_levels import Switch
from experiments.design.study import Study

_SECONDS = ("fit_cpu_s", "fit_wall_s")
_NAMES = ["dataset", "component", "level", "null_level"]


def with_without(
    runs: pd.DataFrame, study: Study, effects: pd.DataFrame | None = None, *, column: str = ""
) -> pd.DataFrame:
    """Put the response and seconds with each component beside those without it.

    Both sides average the same pairs of cells in the same blocks. Seconds are means; their
    ratio is exp(mean paired log-ratio per block) with Student's t interval on the log scale, so
    that it may differ a little from the ratio of the means.

    Parameters
    ----------
    runs, study
        As for `component_effects`.
    effects : DataFrame, optional
        What `component_effects` found of the same runs: the blocks of a row are then those of the
        look at which it was judged, else those that every cell has reached.
    column : str
        That of the response, by default the primary one.

    Returns
    -------
    DataFrame
        `SCHEMA`, one row per dataset × component × non-null level, then those of the contrasts;
        NaN where a side has no complete pair.
    """
    studied = outcome(study, column)
    judged = {} if effects is None else effects.set_index(_NAMES)["look"].to_dict()
    rows = []
    for every in block_grids(runs, study):
        whole, confidence = every.whole, 1 - study.alpha / max(1, len(every.counts))
        for switch in (*component_levels(every), *study.asked):
            look = judged.get((every.dataset, *switch))
            rows.append(_row(every.at(look) if look else whole, switch, studied, confidence))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(grid: BlockGrid, switch: Switch, studied: Outcome, confidence: float) -> dict[str, object]:
    units = main_effect_units(grid, *switch)
    effect = studied.contrast(grid, units)
    estimate = studied.estimate(effect, confidence=confidence)
    with_it, without = _sides(effect, studied.values(grid))
    row: dict[str, object] = {
        **dict(zip(_NAMES, (grid.dataset, *switch), strict=True)),
        "response": studied.column,
        "unit": studied.response.difference_unit,
        "n": estimate.n,
        "n_pairs": effect.units.shape[1],
        "accuracy_with": with_it,
        "accuracy_without": without,
        "difference_pp": estimate.mean,
        "ci_low_pp": estimate.ci_low,
        "ci_high_pp": estimate.ci_high,
    }
    for column in (name for name in _SECONDS if name in grid.runs):
        row |= _seconds(grid, units, column, confidence)
    return row


def _seconds(
    grid: BlockGrid, units: NDArray[np.float64], column: str, confidence: float
) -> dict[str, float]:
    found = time_ratio(grid, units, column, confidence=confidence)
    with_it, without = _sides(found.part, grid.response(column))
    return {
        f"{column}_with": with_it,
        f"{column}_without": without,
        f"{column}_ratio": found.ratio,
        f"{column}_ratio_low": found.low,
        f"{column}_ratio_high": found.high,
    }


def _sides(part: BlockContrast, values: NDArray[np.float64]) -> tuple[float, float]:
    """Weighted means of the positive and the negative cells over the kept blocks."""
    if not part.units.size:
        return float("nan"), float("nan")
    kept = np.nan_to_num(values[part.blocks])
    up, down = part.weights.clip(min=0), (-part.weights).clip(min=0)
    return float((kept @ up).mean()), float((kept @ down).mean())


def _time_columns(name: str, clock: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_with", "s", f"mean {clock} seconds of a run with it", description=True),
        Column(f"{name}_without", "s", f"mean {clock} seconds without it", description=True),
        Column(f"{name}_ratio", "", "geometric mean of the paired ratios", description=True),
        Column(f"{name}_ratio_low", "", "lower end of its interval", description=True),
        Column(f"{name}_ratio_high", "", "upper end of its interval", description=True),
    )


SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("component", "", "factor"),
    Column("level", "", "its level"),
    Column("null_level", "", "what the level is compared with"),
    Column("response", "", "column of the run table that is compared"),
    Column("unit", "", "unit of all columns that end in _pp"),
    Column("n", "", "complete blocks that enter"),
    Column("n_pairs", "", "pairs of cells averaged in each block"),
    Column("accuracy_with", "", "mean response with it, unscaled", description=True),
    Column("accuracy_without", "", "mean response without it, unscaled", description=True),
    *interval("difference_pp", "pp", "mean paired difference", description=True),
    *_time_columns("fit_cpu_s", "CPU"),
    *_time_columns("fit_wall_s", "wall"),
)
COLUMNS = names(SCHEMA)
