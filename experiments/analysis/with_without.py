"""Runtime and performance with and without each component."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.comparison import PP
from experiments.analysis.contrasts import BlockContrast, contrast, main_effect_units
from experiments.analysis.effects import ComponentLevel, component_levels
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.paired import paired_t
from experiments.design.factors import Factor

_SECONDS = ("fit_cpu_s", "fit_wall_s")
COLUMNS = (
    *("dataset", "component", "level", "null_level", "n", "n_pairs"),
    *("accuracy_with", "accuracy_without", "difference_pp", "ci_low_pp", "ci_high_pp"),
    *("fit_cpu_s_with", "fit_cpu_s_without", "fit_cpu_s_ratio"),
    *("fit_cpu_s_ratio_low", "fit_cpu_s_ratio_high"),
    *("fit_wall_s_with", "fit_wall_s_without", "fit_wall_s_ratio"),
    *("fit_wall_s_ratio_low", "fit_wall_s_ratio_high"),
)


def with_without(
    runs: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    response: str = "test_accuracy",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Put accuracy and seconds with each component beside those without it.

    Both sides average the same pairs of cells in the same blocks, so that
    `accuracy_with − accuracy_without` is the main effect. Seconds are means; their ratio is
    exp(mean paired log-ratio per block) with Student's t interval on the log scale, so that it
    may differ a little from the ratio of the means.

    Parameters
    ----------
    runs, factors, response
        As for `component_effects`.
    confidence : float
        Coverage of the intervals, in (0, 1).

    Returns
    -------
    DataFrame
        `COLUMNS`, one row per dataset × component × non-null level; NaN where a side has no
        complete pair.
    """
    rows = [
        _row(item, response, confidence)
        for grid in block_grids(runs, factors)
        for item in component_levels(grid, response)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(item: ComponentLevel, response: str, confidence: float) -> dict[str, object]:
    grid, effect = item.grid, item.effect
    estimate = paired_t(effect.per_block * PP, confidence=confidence)
    with_it, without = _sides(effect, grid.response(response))
    row: dict[str, object] = {**item.names, "n": estimate.n, "n_pairs": effect.units.shape[1]}
    row |= {"accuracy_with": with_it, "accuracy_without": without}
    row |= {"difference_pp": estimate.mean}
    row |= {"ci_low_pp": estimate.ci_low, "ci_high_pp": estimate.ci_high}
    for column in (name for name in _SECONDS if name in grid.runs):
        row |= _seconds(grid, main_effect_units(grid, item.factor, item.level), column, confidence)
    return row


def _seconds(
    grid: BlockGrid, units: NDArray[np.float64], column: str, confidence: float
) -> dict[str, float]:
    seconds = grid.response(column)
    seconds = np.where(seconds > 0, seconds, np.nan)
    logs = contrast(grid, np.log(seconds), units)
    ratio = paired_t(logs.per_block, confidence=confidence)
    with_it, without = _sides(logs, seconds)
    return {
        f"{column}_with": with_it,
        f"{column}_without": without,
        f"{column}_ratio": float(np.exp(ratio.mean)),
        f"{column}_ratio_low": float(np.exp(ratio.ci_low)),
        f"{column}_ratio_high": float(np.exp(ratio.ci_high)),
    }


def _sides(part: BlockContrast, values: NDArray[np.float64]) -> tuple[float, float]:
    """Weighted means of the positive and the negative cells over the kept blocks."""
    if not part.units.size:
        return float("nan"), float("nan")
    kept = np.nan_to_num(values[part.blocks])
    up, down = part.weights.clip(min=0), (-part.weights).clip(min=0)
    return float((kept @ up).mean()), float((kept @ down).mean())
