"""The comparison table: every cell beside the baseline, one row per dataset × cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.columns import Column, interval, names
from experiments.analysis.comparison import comparison
from experiments.analysis.family import SCHEMA as COMPARISON
from experiments.analysis.family import judged
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.outcome import Outcome, outcome
from experiments.analysis.paired import paired_t
from experiments.analysis.permutation import SCHEMA as SIGN_FLIP
from experiments.analysis.permutation import sign_flips
from experiments.analysis.placebos import placebos
from experiments.analysis.units import against_baseline
from experiments.design.study import Study

FAMILY = "cells against the baseline of {dataset}"


def cell_comparison(runs: pd.DataFrame, study: Study, *, rng: np.random.Generator) -> pd.DataFrame:
    """Compare every cell, the placebo arm included, with the baseline of its dataset.

    Cells are compared over the blocks in which every cell was planned, the placebo arm over its
    own.

    Parameters
    ----------
    runs : DataFrame
        The run table.
    study : Study
        Whose runs they are.
    rng : numpy.random.Generator
        For sign flips beyond 13 blocks.

    Returns
    -------
    DataFrame
        `dataset, cell, arm`, the factors' columns, and `COLUMNS`; within a dataset the cells in
        the order of their levels, the placebo arm last. Differences are cell − baseline, NaN for
        the baseline itself, whose verdict is "baseline". The cells of a dataset are a family of
        their own for Holm's correction, and so are the placebo arms of the study.

    Raises
    ------
    ValueError
        If the run table is not the study's.
    """
    studied = outcome(study)
    rows: list[dict[str, Any]] = []
    grids = list(block_grids(runs, study))
    arms = placebos(grids, study)
    for grid in grids:
        compared = [
            comparison(grid, against_baseline(grid, cell), studied, whole=True)
            for cell in np.flatnonzero(~grid.is_placebo).tolist()
        ]
        judgements = judged(compared, study, family=FAMILY.format(dataset=grid.dataset))
        if grid.dataset in arms:
            compared.append(arms[grid.dataset].comparison)
            judgements.append(arms[grid.dataset].row)
        for cell, (item, row) in enumerate(zip(compared, judgements, strict=True)):
            part = item.at(row["look"])
            flips = sign_flips(studied.differences(part), rng=rng)
            paired = {_RENAMED.get(name, name): value for name, value in row.items()} | flips
            rows.append(paired | _own(item.grid_at(row["look"]), cell, studied))
        if grid.baseline is not None:
            base = rows[len(rows) - len(grid.cells) + grid.baseline]
            base |= {"verdict": "baseline", "verdict_reason": "the reference", "open": False}
    columns = ["dataset", "cell", "arm", *study.baseline, *COLUMNS]
    return pd.DataFrame(rows, columns=columns)


def _own(grid: BlockGrid, cell: int, studied: Outcome) -> dict[str, Any]:
    """Return what is said of the cell alone: names, levels, mean with interval, seconds."""
    own = studied.values(grid)[:, cell]
    mean = paired_t(own[np.isfinite(own)], confidence=1 - grid.study.alpha)
    statuses = {name: int(grid.has_status(name)[:, cell].sum()) for name in _STATUSES}
    row: dict[str, Any] = {
        "dataset": grid.dataset,
        "cell": grid.cells[cell],
        "arm": "placebo" if grid.is_placebo[cell] else "cell",
        "is_baseline": cell == grid.baseline,
        "n": mean.n,
        "mean_accuracy": mean.mean,
        "mean_ci_low": mean.ci_low,
        "mean_ci_high": mean.ci_high,
        "sd_accuracy": mean.sd,
        "mean_validation": _mean(grid, studied.validation, cell),
        "n_diverged": statuses["diverged"],
        "n_not_tuned": statuses["not_tuned"],
        "n_missing": len(grid.replicates) - sum(statuses.values()),
        **grid.levels[cell],
    }
    for column in ("fit_cpu_s", "fit_wall_s"):
        row[column] = _mean(grid, column, cell)
    return row


def _mean(grid: BlockGrid, column: str, cell: int) -> float:
    if column not in grid.runs:
        return float("nan")
    values = grid.response(column)[:, cell]
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else float("nan")


_STATUSES = ("ok", "diverged", "not_tuned")
_RENAMED = {
    "n": "n_pairs",
    "effect_pp": "difference_pp",
    "ci_low_pp": "difference_ci_low_pp",
    "ci_high_pp": "difference_ci_high_pp",
}
_LOST = ("n_missing", "n_diverged", "n_not_tuned")
SCHEMA = (
    Column("is_baseline", "", "whether every factor is at its null level"),
    Column("n", "", "finished runs of the cell"),
    Column("n_missing", "", "its runs that failed or are absent"),
    Column("n_diverged", "", "its runs that diverged"),
    Column("n_not_tuned", "", "its runs not started: every trial of the arm diverged"),
    Column("mean_accuracy", "", "mean response, unscaled", description=True),
    Column("mean_ci_low", "", "lower end of its t interval", description=True),
    Column("mean_ci_high", "", "upper end of its t interval", description=True),
    Column("sd_accuracy", "", "its standard deviation over blocks", description=True),
    Column("mean_validation", "", "mean of the same response on validation data: what selects"),
    Column("n_pairs", "", "complete pairs with the baseline"),
    *interval("difference_pp", "pp", "cell less baseline, paired", prefix="difference_"),
    *(c for c in COMPARISON if c.name not in _RENAMED and c.name not in _LOST),
    *SIGN_FLIP,
    Column("fit_cpu_s", "s", "mean CPU seconds of a run", description=True),
    Column("fit_wall_s", "s", "mean wall seconds of a run", description=True),
)
COLUMNS = names(SCHEMA)
