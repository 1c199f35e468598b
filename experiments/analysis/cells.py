"""The comparison table: every cell beside the baseline, one row per dataset × cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.comparison import Comparison, compare, judge, margin_of
from experiments.analysis.contrasts import contrast
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.paired import paired_t
from experiments.design.factors import Factor

FAMILY = "cells against the baseline of {dataset}"


def cell_comparison(
    runs: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    margins: Mapping[str, float],
    rng: np.random.Generator,
    response: str = "test_accuracy",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Compare every cell, the placebo arm included, with the baseline of its dataset.

    Parameters
    ----------
    runs : DataFrame
        The run table.
    factors : sequence of Factor
        The study's factors; the baseline has all of them at their null level.
    margins : mapping
        Equivalence margin in percentage points per dataset.
    rng : numpy.random.Generator
        For sign flips beyond 12 blocks.
    response : str
        Column of a response in [0, 1] of which more is better.
    alpha : float
        Level of tests; intervals cover 1 − alpha.

    Returns
    -------
    DataFrame
        `dataset, cell, arm`, the factors' columns, and `COLUMNS`; within a dataset the cells in
        the order of their levels, the placebo arm last. Differences are cell − baseline in
        percentage points, NaN for the baseline itself, whose verdict is "baseline". Each
        dataset is a family of its own for Holm's correction.

    Raises
    ------
    ValueError
        If a dataset has no margin or the run table is not one study's.
    """
    parts = [
        _dataset_rows(grid, margin_of(margins, grid.dataset), response, alpha, rng)
        for grid in block_grids(runs, factors)
    ]
    names = [factor.name for factor in factors]
    columns = ["dataset", "cell", "arm", *names, *COLUMNS]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def _dataset_rows(
    grid: BlockGrid, margin: float, response: str, alpha: float, rng: np.random.Generator
) -> pd.DataFrame:
    values = grid.response(response)
    made: list[Comparison] = []
    rows: list[dict[str, Any]] = []
    for cell in range(len(grid.cells)):
        part = contrast(grid, values, _against_baseline(grid, cell))
        made.append(compare(part, margin=margin, rng=rng, confidence=1 - alpha))
        paired = {_RENAMED.get(name, name): value for name, value in made[-1].row.items()}
        rows.append({**_own(grid, cell, values[:, cell], 1 - alpha), **paired} | _lost(grid, cell))
    family = FAMILY.format(dataset=grid.dataset)
    table = judge(pd.DataFrame(rows), made, family=family, alpha=alpha)
    if grid.baseline is not None:
        table.loc[grid.baseline, ["verdict", "verdict_reason"]] = ["baseline", "the reference"]
    return table


def _against_baseline(grid: BlockGrid, cell: int) -> NDArray[np.float64]:
    """Return cell − baseline as one unit, none for the baseline itself or without a baseline."""
    weights = np.zeros((1, len(grid.cells)))
    if grid.baseline is None or cell == grid.baseline:
        return weights[:0]
    weights[0, [cell, grid.baseline]] = 1.0, -1.0
    return weights


def _own(
    grid: BlockGrid, cell: int, values: NDArray[np.float64], confidence: float
) -> dict[str, Any]:
    """Return what is said of the cell alone: names, levels, mean with interval, seconds."""
    accuracy = paired_t(values[np.isfinite(values)], confidence=confidence)
    row: dict[str, Any] = {
        "dataset": grid.dataset,
        "cell": grid.cells[cell],
        "arm": "placebo" if grid.is_placebo[cell] else "cell",
        "is_baseline": cell == grid.baseline,
        "n": accuracy.n,
        "mean_accuracy": accuracy.mean,
        "mean_ci_low": accuracy.ci_low,
        "mean_ci_high": accuracy.ci_high,
        "sd_accuracy": accuracy.sd,
    }
    for factor, code in zip(grid.factors, grid.codes[cell], strict=True):
        row[factor.name] = factor.labels[code]
    for column in ("fit_cpu_s", "fit_wall_s"):
        row[column] = _mean(grid, column, cell)
    return row


def _mean(grid: BlockGrid, column: str, cell: int) -> float:
    if column not in grid.runs:
        return float("nan")
    seconds = grid.response(column)[:, cell]
    seconds = seconds[np.isfinite(seconds)]
    return float(seconds.mean()) if seconds.size else float("nan")


def _lost(grid: BlockGrid, cell: int) -> dict[str, int]:
    """Count the cell's own runs that are missing or failed, and those that diverged."""
    diverged = grid.has_status("diverged")[:, cell]
    gone = ~grid.has_status("ok")[:, cell] & ~diverged
    return {"n_missing": int(gone.sum()), "n_diverged": int(diverged.sum())}


_RENAMED = {
    "n": "n_pairs",
    "effect_pp": "difference_pp",
    "ci_low_pp": "difference_ci_low_pp",
    "ci_high_pp": "difference_ci_high_pp",
}
COLUMNS = (
    *("is_baseline", "n", "n_missing", "n_diverged"),
    *("mean_accuracy", "mean_ci_low", "mean_ci_high", "sd_accuracy", "n_pairs"),
    *("difference_pp", "difference_ci_low_pp", "difference_ci_high_pp"),
    *("p", "p_adjusted", "family", "family_size", "alpha", "sign_flip_p", "smallest_p"),
    *("d_z", "d_z_low", "d_z_high"),
    *("p_better", "p_better_low", "p_better_high", "margin_pp", "p_equivalence"),
    *("fit_cpu_s", "fit_wall_s", "verdict", "verdict_reason"),
)
