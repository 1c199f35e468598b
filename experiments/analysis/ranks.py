"""Ranks of the cells: a description, not a test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from experiments.analysis.grid import BlockGrid, block_grids
from experiments.design.factors import Factor

COLUMNS = ("dataset", "cell", "n", "mean_rank", "best_share", "mean_rank_datasets", "n_datasets")


def rank_table(
    runs: pd.DataFrame, factors: Sequence[Factor], *, response: str = "test_accuracy"
) -> pd.DataFrame:
    """Rank the cells inside each block, 1 for the highest response, ties sharing their mean rank.

    With three datasets a rank test across them has no power (the smallest p of Wilcoxon's is
    0.25), so that ranks describe and no p-value stands beside them.

    Parameters
    ----------
    runs, factors, response
        As for `component_effects`; placebo arms are left out.

    Returns
    -------
    DataFrame
        `COLUMNS`, by dataset and mean rank. `n` counts the blocks in which all cells have a
        result (others are left out: a missing cell would promote its neighbours); `best_share`
        is the share of blocks in which the cell ranks first; `mean_rank_datasets` is the mean of
        its mean ranks over `n_datasets` datasets.
    """
    parts = [_ranks(grid, response) for grid in block_grids(runs, factors)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(parts, ignore_index=True)
    by_cell = table.groupby("cell")["mean_rank"]
    table["mean_rank_datasets"] = by_cell.transform("mean")
    table["n_datasets"] = by_cell.transform("count")
    return table[list(COLUMNS)]


def _ranks(grid: BlockGrid, response: str) -> pd.DataFrame:
    real = ~grid.is_placebo
    values = grid.response(response)[:, real]
    values = values[np.isfinite(values).all(axis=1)]
    names = np.array(grid.cells)[real]
    table = pd.DataFrame({"dataset": grid.dataset, "cell": names, "n": len(values)})
    if not len(values):
        return table.assign(mean_rank=np.nan, best_share=np.nan)
    ranks = stats.rankdata(-values, axis=1)
    best = ranks == ranks.min(axis=1, keepdims=True)
    table = table.assign(mean_rank=ranks.mean(axis=0), best_share=best.mean(axis=0))
    return table.sort_values("mean_rank", kind="stable")
