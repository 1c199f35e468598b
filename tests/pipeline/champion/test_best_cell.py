"""The best cell and its best run, by one rule."""

import numpy as np
import pandas as pd

from pipeline.results.best_cell import best_cell, best_run


def cells(*rows):
    return pd.DataFrame(rows, columns=["cell", "mean_accuracy", "n", "n_diverged"])


def test_the_highest_mean_is_the_best_and_the_first_of_equals():
    # 0.1 + 0.2 and 0.3 differ in their last bit alone: nothing that a reader should see.
    assert best_cell(cells(("a", 0.9, 3, 0), ("b", 0.95, 3, 0))) == "b"
    assert best_cell(cells(("a", 0.3, 3, 0), ("b", 0.1 + 0.2, 3, 0))) == "a"


def test_a_cell_that_diverged_more_often_than_it_finished_is_not_the_best():
    assert best_cell(cells(("lucky", 0.99, 1, 2), ("steady", 0.9, 3, 0))) == "steady"
    assert best_cell(cells(("none", np.nan, 0, 3))) is None
    assert best_cell(cells()) is None


def runs(*rows):
    columns = ["run_key", "cell", "arm", "replicate", "status", "val_accuracy", "test_accuracy"]
    return pd.DataFrame(rows, columns=columns)


def test_test_accuracy_chooses_the_cell_and_validation_the_replicate():
    table = runs(
        ("p0", "placebo", "placebo", 0, "ok", 0.99, 0.99),
        ("a0", "a", "cell", 0, "ok", 0.99, 0.90),
        ("b0", "b", "cell", 0, "ok", 0.94, 0.97),
        ("b2", "b", "cell", 2, "ok", 0.95, 0.91),
        ("b1", "b", "cell", 1, "ok", 0.95, 0.92),
        ("b3", "b", "cell", 3, "diverged", np.nan, np.nan),
    )
    assert best_run(table, response="test_accuracy") == "b1"
    assert best_run(table, response="val_accuracy") == "a0"


def test_without_finished_runs_there_is_none():
    assert best_run(runs(), response="test_accuracy") is None
    lost = runs(("a0", "a", "cell", 0, "failed", np.nan, np.nan))
    assert best_run(lost, response="test_accuracy") is None


def test_the_rule_agrees_with_the_comparison_table(study, tables):
    from pipeline.results.figures.material import Exhibits, Material

    for dataset in study.measured:
        own = study.runs[study.runs["dataset"] == dataset]
        key = best_run(own, response=study.study.response)
        cell = own.set_index("run_key").loc[key, "cell"]
        assert cell == Material(study, tables, dataset, Exhibits()).best_cell
