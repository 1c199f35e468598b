"""A run in MLflow: what a reader filters by, charts and reads."""

import json
import math
from dataclasses import replace

import pytest

from pipeline.tracking.layout import artifacts, curve_points, flat, run_record

START = 1767607200000  # 2026-01-05 10:00:00 UTC


@pytest.fixture
def pair(make_pairs):
    return make_pairs(4, 1)[3]


def test_factors_dataset_and_replicate_are_params(pair):
    spec, result = pair
    params = run_record(spec, result, {}).params
    assert params["optimizer"] == "adam" and params["l2"] in ("on", "off")
    assert (params["dataset"], params["replicate"]) == ("digits", "0")
    assert params["recipe.batch_size"] == "128"


def test_every_epoch_is_stamped_with_the_time_at_which_it_ended(pair):
    points = run_record(*pair, {}).metrics
    curve = [p for p in points if p.key == "val/accuracy"]
    assert [p.step for p in curve] == list(range(1, 11))
    assert [p.timestamp for p in curve] == [START + 200 * epoch for epoch in range(1, 11)]


def test_metrics_stand_in_slash_groups_with_best_and_final(pair):
    keys = {point.key for point in run_record(*pair, {}).metrics}
    assert all(key.count("/") == 1 for key in keys)
    assert {"test/accuracy", "best/epoch", "final/train_loss", "time/forward_s"} <= keys
    assert "diverged/epoch" not in keys


def test_a_diverged_run_is_failed_keeps_its_curve_and_says_why(make_pairs):
    record = run_record(*make_pairs(1, 1, status="diverged")[0], {})
    last = [p.value for p in record.metrics if p.key == "val/loss"][-1]
    assert record.status == "FAILED" and math.isnan(last)
    assert "became inf" in record.tags["reason"]
    assert not any(p.key == "final/val_loss" for p in record.metrics)


def test_a_failed_run_without_time_or_history_has_a_record(pair):
    spec, result = pair
    empty = replace(result, status="failed", reason="killed", metrics={}, history={}, started_at="")
    record = run_record(spec, empty, {})
    assert (record.start, record.end, record.metrics) == (0, 0, ())


def test_the_commit_at_training_goes_before_the_commit_at_logging(pair):
    spec, result = pair
    trained = replace(result, environment={"git_commit": "old"})
    tag = "mlflow.source.git.commit"
    assert run_record(spec, trained, {tag: "new"}).provenance[tag] == "old"
    assert run_record(spec, result, {tag: "new"}).provenance[tag] == "new"


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


def test_artifacts_are_configuration_curves_and_confusion_matrix(pair, make_pairs):
    files = artifacts(*pair)
    assert json.loads(files["configuration.json"])["levels"]["optimizer"] == "adam"
    assert {"learning_curves.svg", "confusion_matrix.svg"} < files.keys()
    assert "confusion_matrix.svg" not in artifacts(*make_pairs(1, 1, status="diverged")[0])
