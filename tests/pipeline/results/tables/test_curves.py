"""Curves for `dvc plots`: worked means."""

import pytest

from pipeline.results.tables.curves import CURVES, RATES, learning_curves, rate_curves
from tests.pipeline.conftest import without


def test_curves_average_the_replicates_of_the_baseline_and_its_neighbours(study):
    curves = learning_curves(study)
    assert list(curves) == CURVES
    mnist = curves[curves["dataset"] == "mnist"]
    assert set(mnist["cell"]) == {
        "sgd", "momentum", "rmsprop", "adam", "sgd+l2", "sgd+dropout", "sgd+augmentation",
    }  # fmt: skip
    assert set(mnist["n"]) == {5}
    keys = study.runs.query("dataset == 'mnist' and cell == 'adam'")["run_key"]
    third = study.history[study.history["run_key"].isin(keys) & (study.history["epoch"] == 3)]
    by_hand = third["val_accuracy"].mean()
    shown = mnist.query("cell == 'adam' and epoch == 3")["val_accuracy"].item()
    assert shown == pytest.approx(by_hand)


def test_rates_average_the_ledger_and_leave_out_what_diverged(study):
    rates = rate_curves(study)
    assert list(rates) == RATES
    ok = study.tuning[study.tuning["status"] == "ok"]
    arms = [*study.study.factors[0].labels, "placebo"]
    assert set(zip(rates["dataset"], rates["arm"], strict=True)) == {
        (name, arm) for name in study.measured for arm in arms
    }
    for (dataset, arm), curve in rates.groupby(["dataset", "arm"]):
        own = ok[(ok["dataset"] == dataset) & (ok["arm"] == arm)]
        assert 1 < len(curve) <= study.study.tune.trials
        assert curve["learning_rate"].between(*own["learning_rate"].agg(["min", "max"])).all()
        assert curve["value"].between(*own["value"].agg(["min", "max"])).all()
    # Each of five blocks chose once.
    assert rates.groupby(["dataset", "arm"])["chosen"].sum().eq(5).all()


def test_nothing_stored_gives_empty_tables(study):
    bare = without(study, "tuning", "history")
    assert rate_curves(bare).empty
    assert learning_curves(bare).empty
