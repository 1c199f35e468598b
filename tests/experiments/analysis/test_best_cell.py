"""The best cell and its best run, by one rule on validation data."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.analysis.best_cell import best_cell, best_run
from experiments.analysis.cells import cell_comparison
from experiments.response.response import built_in
from tests.experiments.analysis.conftest import study_of


def cells(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["cell", "mean_validation", "n", "n_diverged"])


def test_the_best_mean_is_the_best_and_the_first_of_equals() -> None:
    # 0.1 + 0.2 and 0.3 differ in their last bit alone: nothing that a reader should see.
    assert best_cell(cells(("a", 0.9, 3, 0), ("b", 0.95, 3, 0))) == "b"
    assert best_cell(cells(("a", 0.3, 3, 0), ("b", 0.1 + 0.2, 3, 0))) == "a"
    assert best_cell(cells(("a", 0.9, 3, 0), ("b", 0.95, 3, 0)), sign=-1) == "a"


def test_a_cell_that_diverged_more_often_than_it_finished_is_not_the_best() -> None:
    assert best_cell(cells(("lucky", 0.99, 1, 2), ("steady", 0.9, 3, 0))) == "steady"
    assert best_cell(cells(("none", np.nan, 0, 3))) is None
    assert best_cell(cells()) is None


def _table(run_table, switches, **options) -> pd.DataFrame:
    """Validation prefers `a`, the test part prefers `b`; replicate 2 of `a` validates best."""
    runs = run_table(switches, {"a:on": 0.02, "b:on": -0.01}, **options)
    runs["test_accuracy"] = np.where(runs["b"] == "on", 0.99, 0.9)
    best = (runs["cell"] == "a") & (runs["replicate"] == 2)
    runs.loc[best, "val_accuracy"] += 0.001
    runs.loc[runs["arm"] == "placebo", "val_accuracy"] = 1.0
    return runs


def test_validation_chooses_the_cell_and_the_replicate(run_table, switches) -> None:
    runs = _table(run_table, switches)
    study = study_of(switches, runs)
    key = best_run(runs, study)
    table = cell_comparison(runs, study, rng=np.random.default_rng(0))

    assert key == "mnist-cell-on-off-off-2"
    assert best_cell(table[table["arm"] == "cell"]) == "a"
    chosen = table.set_index("cell").loc["a"]
    assert chosen["mean_accuracy"] == 0.9  # the test figure is reported, and had no say


def test_a_loss_chooses_the_lowest(run_table, switches) -> None:
    runs = _table(run_table, switches)
    runs = runs.assign(val_log_loss=1 - runs["val_accuracy"], test_log_loss=0.5)

    study = study_of(switches, runs, responses={"test_log_loss": built_in("log_loss")})

    assert best_run(runs, study) == "mnist-cell-on-off-off-2"


def test_cells_are_compared_over_whole_blocks(run_table, switches) -> None:
    runs = _table(run_table, switches, replicates=10)
    lucky = (runs["cell"] == "c") & (runs["replicate"] >= 5)
    runs.loc[lucky, "val_accuracy"] = 0.99
    later = runs["cell"].isin(["c", ""]) & (runs["arm"] == "cell") | (runs["replicate"] < 5)

    study = study_of(switches, runs, looks={"mnist": (5, 10)})

    assert best_run(runs[later], study) == "mnist-cell-on-off-off-2"


def test_without_finished_runs_there_is_none(run_table, switches) -> None:
    runs = run_table(switches)
    study = study_of(switches, runs)

    assert best_run(runs.iloc[:0], study) is None
    assert best_run(runs.assign(status="failed"), study) is None
