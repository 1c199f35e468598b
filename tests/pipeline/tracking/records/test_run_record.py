"""A run in MLflow: what a reader filters by, charts and reads."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from pipeline.study.store.run_store import RunStore
from pipeline.tracking.records.metrics import curve_points
from pipeline.tracking.records.run_record import flat, run_record

START = 1767607200000  # 2026-01-05 10:00:00 UTC


@pytest.fixture
def pair(make_pairs):
    return make_pairs(4, 1)[3]


def test_factors_dataset_and_replicate_are_params(pair):
    spec, result = pair
    params = run_record(spec, result, "7").params
    assert params["optimizer"] == "adam" and params["l2"] in ("on", "off")
    assert (params["dataset"], params["replicate"]) == ("digits", "0")
    assert params["recipe.batch_size"] == "128"


def test_every_epoch_is_stamped_with_the_time_at_which_it_ended(pair):
    points = run_record(*pair, "7").metrics
    curve = [p for p in points if p.key == "val/accuracy"]
    assert [p.step for p in curve] == list(range(1, 11))
    assert [p.timestamp for p in curve] == [START + 200 * epoch for epoch in range(1, 11)]


def test_metrics_stand_in_slash_groups_with_best_and_final(pair):
    keys = {point.key for point in run_record(*pair, "7").metrics}
    assert all(key.count("/") == 1 for key in keys)
    assert {"test/accuracy", "best/epoch", "final/train_loss", "time/forward_s"} <= keys
    assert "diverged/epoch" not in keys


def test_a_diverged_run_is_failed_keeps_its_curve_and_says_why(make_pairs):
    record = run_record(*make_pairs(1, 1, status="diverged")[0], "7")
    last = [p.value for p in record.metrics if p.key == "val/loss"][-1]
    assert record.status == "FAILED" and math.isnan(last)
    assert "became inf" in record.tags["reason"]
    assert not any(p.key == "final/val_loss" for p in record.metrics)


def test_a_run_that_was_stored_has_the_record_of_the_finished_one(pair, tmp_path):
    """Or a sync would write each run again that was logged when it finished."""
    spec, result = pair
    RunStore(tmp_path).put(result)
    stored = RunStore(tmp_path).get(result.run_key)
    assert list(stored.metrics) != list(result.metrics)
    assert run_record(spec, stored, "7").digest == run_record(spec, result, "7").digest


def test_a_failed_run_without_time_or_history_has_a_record(pair):
    spec, result = pair
    empty = replace(result, status="failed", reason="killed", metrics={}, history={}, started_at="")
    record = run_record(spec, empty, "7")
    assert (record.start, record.end, record.metrics) == (0, 0, ())


def test_infinities_become_nan_in_curves():
    history = {"epoch": [1, 2], "elapsed_s": [1, 2], "train_loss": [1.0, math.inf]}
    values = [point.value for point in curve_points(history, 0)]
    assert values[0] == 1.0 and math.isnan(values[1])


def test_recipes_are_flattened_to_texts():
    recipe = {"hidden": [64, 32], "optimizer": {"adam": {"beta1": 0.9}}, "augmentation": []}
    assert dict(flat(recipe)) == {
        "recipe.hidden": "[64, 32]",
        "recipe.optimizer.adam.beta1": "0.9",
        "recipe.augmentation": "[]",
    }


def test_artifacts_are_configuration_and_confusion_matrix(pair, make_pairs):
    spec, result = pair
    files = run_record(spec, result, "7").artifacts()
    assert json.loads(files["configuration.json"])["levels"]["optimizer"] == "adam"
    head, *rows = [line.split(",") for line in files["confusion_matrix.csv"].splitlines()]
    counts = np.array([row[1:] for row in rows], int)
    assert head == ["true \\ predicted", *map(str, range(10))]
    assert counts.trace() == (result.labels == result.predictions).sum()
    assert list(counts.sum(axis=1)) == list(np.bincount(result.labels, minlength=10))
    diverged = run_record(*make_pairs(1, 1, status="diverged")[0], "7").artifacts()
    assert "confusion_matrix.csv" not in diverged


def test_a_regression_has_no_confusion_matrix_and_its_own_measures(pair):
    spec, result = pair
    numbers = np.array([1.5, 2.5])
    own = {"fit_wall_s": 1.0, "test_rmse": 0.5, "val_rmse": 0.4}
    history = {"epoch": [1], "depth": [3.0], "val_rmse": [0.4]}
    record = run_record(spec, replace(result, labels=numbers, metrics=own, history=history), "7")
    assert "confusion_matrix.csv" not in record.artifacts()
    shown = {point.key: point.value for point in record.metrics}
    assert shown["test/rmse"] == 0.5 and shown["best/val_rmse"] == 0.4
    assert shown["epoch/depth"] == shown["final/depth"] == 3.0 and shown["val/rmse"] == 0.4


def test_the_note_leads_to_the_cells_other_replicates(pair):
    note = run_record(*pair, "7").tags["mlflow.note.content"]
    assert "(#/experiments/7/runs?workflowType=machine_learning&searchFilter=params.cell" in note
