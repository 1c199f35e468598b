"""Responses of what runs answered: computed on reading, whatever the study asks for."""

import numpy as np
import pandas as pd
import pytest

from experiments.errors import StudyError
from experiments.response import RESPONSES
from experiments.run.result import RunResult
from pipeline.results.scored_runs import example_values, scored, with_responses


def test_columns_that_the_table_holds_are_left_alone(small):
    assert scored(small.runs, small.predictions, {"test_accuracy": RESPONSES["accuracy"]}) is (
        small.runs
    )


def test_the_stored_answers_have_the_accuracy_that_the_run_recorded(small):
    bare = small.runs.drop(columns="test_accuracy")
    again = scored(bare, small.predictions, {"test_accuracy": RESPONSES["accuracy"]})
    np.testing.assert_allclose(again["test_accuracy"], small.runs["test_accuracy"])


def test_a_measure_comes_with_its_validation_counterpart(small):
    runs = scored(small.runs, small.predictions, {"test_log_loss": RESPONSES["log_loss"]})
    assert (runs["test_log_loss"] == runs["val_log_loss"]).all()  # made-up parts are the same
    worse = runs["test_accuracy"].idxmin()
    assert runs.loc[worse, "test_log_loss"] == runs["test_log_loss"].max()


def test_a_run_without_answers_has_no_value(small):
    fewer = small.predictions.iloc[1:]
    runs = scored(small.runs, fewer, {"test_macro_f1": RESPONSES["macro_f1"]})
    assert runs["test_macro_f1"].isna().sum() == 1


def test_numbers_refuse_a_measure_of_classes(small):
    rows = small.predictions.assign(n_classes=0)
    rows["labels"] = rows["outputs"] = np.zeros(3).tobytes()
    with pytest.raises(StudyError, match="macro_f1 is for classification"):
        scored(small.runs, rows, {"test_macro_f1": RESPONSES["macro_f1"]})


@pytest.mark.parametrize("name", ["accuracy", "log_loss"])
def test_a_mean_over_examples_is_the_mean_of_their_values(small, name):
    column, response = f"test_{name}", RESPONSES[name]
    runs = scored(small.runs, small.predictions, {column: response})
    values = example_values(runs, small.predictions, column, response)
    means = runs["run_key"].map({key: own.mean() for key, own in values.items()})
    np.testing.assert_allclose(means, runs[column], rtol=1e-5)


@pytest.mark.parametrize(("column", "name"), [("val_accuracy", "accuracy"), ("test_r", "macro_f1")])
def test_no_examples_stand_for_validation_data_or_for_what_is_no_mean(small, column, name):
    assert example_values(small.runs, small.predictions, column, RESPONSES[name]) == {}


def test_images_that_differ_between_runs_are_not_crossed(small):
    rows = small.predictions.copy()
    rows.loc[rows.index[0], "test_index"] = np.arange(300)[::-1].tobytes()
    assert example_values(small.runs, rows, "test_accuracy", RESPONSES["accuracy"]) == {}


def test_a_result_without_answers_keeps_its_metrics():
    result = RunResult("k", "diverged", "", {}, {"fit_cpu_s": 1.0}, {}, np.empty(0),
                       np.empty((0, 1), np.float16), np.empty(0))  # fmt: skip
    shown = with_responses(result, {"test_brier": RESPONSES["brier"]})
    assert dict(shown.metrics) == {"fit_cpu_s": 1.0}


def test_no_runs_have_no_scores(small):
    empty = scored(small.runs.iloc[:0], small.predictions.iloc[:0], {"test_ece": RESPONSES["ece"]})
    assert isinstance(empty, pd.DataFrame) and list(empty["test_ece"]) == []
