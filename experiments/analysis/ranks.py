"""Ranks of the cells: a description, not a test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.analysis.columns import Column, names
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.outcome import Outcome, outcome
from experiments.design.study import Study


def rank_table(runs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Rank the cells inside each block, 1 for the best response, ties sharing their mean rank.

    With three datasets a rank test across them has no power (the smallest p of Wilcoxon's is
    0.25), so that ranks describe and no p-value stands beside them.

    Parameters
    ----------
    runs, study
        As for `component_effects`; placebo arms are left out.

    Returns
    -------
    DataFrame
        `SCHEMA`, by dataset and mean rank. `n` counts the blocks in which all cells have a
        result (others are left out: a missing cell would promote its neighbours); `best_share`
        is the share of blocks in which the cell ranks first; `mean_rank_datasets` is the mean of
        its mean ranks over `n_datasets` datasets.
    """
    parts = [_ranks(grid.whole, outcome(study)) for grid in block_grids(runs, study)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.concat(parts, ignore_index=True)
    by_cell = table.groupby("cell")["mean_rank"]
    table["mean_rank_datasets"] = by_cell.transform("mean")
    table["n_datasets"] = by_cell.transform("count")
    return table[list(COLUMNS)]


def _ranks(grid: BlockGrid, studied: Outcome) -> pd.DataFrame:
    real = ~grid.is_placebo
    values = studied.response.sign * studied.values(grid)[:, real]
    values = values[np.isfinite(values).all(axis=1)]
    cells = np.array(grid.cells)[real]
    table = pd.DataFrame({"dataset": grid.dataset, "cell": cells, "n": len(values)})
    if not len(values):
        return table.assign(mean_rank=np.nan, best_share=np.nan)
    ranks = pd.DataFrame(-values).rank(axis=1).to_numpy()
    best = ranks == ranks.min(axis=1, keepdims=True)
    table = table.assign(mean_rank=ranks.mean(axis=0), best_share=best.mean(axis=0))
    return table.sort_values("mean_rank", kind="stable")


SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("cell", "", "name of the cell"),
    Column("n", "", "blocks in which all cells have a result"),
    Column("mean_rank", "", "mean rank over them, 1 for the best", description=True),
    Column("best_share", "", "share of them in which the cell ranks first", description=True),
    Column("mean_rank_datasets", "", "mean of mean_rank over datasets", description=True),
    Column("n_datasets", "", "datasets in that mean"),
)
COLUMNS = names(SCHEMA)
