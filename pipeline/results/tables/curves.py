"""Curves as plain tables, for `dvc plots`."""

from __future__ import annotations

import pandas as pd

from experiments.analysis.ledger import binned
from pipeline.results.study_results import StudyResults

CURVES = ["dataset", "cell", "epoch", "val_accuracy", "val_loss", "train_loss", "n"]
RATES = ["dataset", "arm", "learning_rate", "value", "chosen"]


def learning_curves(results: StudyResults) -> pd.DataFrame:
    """Average the learning curves of the baseline and of each cell one switch away from it.

    A design that has fewer than two such cells shows all of its own. Only runs with status ok
    enter; a run that stopped early keeps out of the epochs it did not reach, so that `n` may
    fall.
    """
    runs = results.runs[(results.runs["arm"] == "cell") & (results.runs["status"] == "ok")]
    switched = sum((runs[f.name].astype(str) != f.null).astype(int) for f in results.study.factors)
    near = runs[switched <= 1]
    shown = near if near["cell"].nunique() > 2 else runs
    rows = results.history.merge(shown[["run_key", "dataset", "cell"]], on="run_key")
    groups = rows.groupby(["dataset", "cell", "epoch"], sort=True)
    means = groups[["val_accuracy", "val_loss", "train_loss"]].mean()
    return means.assign(n=groups.size()).reset_index()[CURVES]


def rate_curves(results: StudyResults) -> pd.DataFrame:
    """Average the trials that tune the learning rate over parts of its range, per arm.

    Trials that diverged are in none.
    """
    return binned(results.tuning, "learning_rate")[RATES]
