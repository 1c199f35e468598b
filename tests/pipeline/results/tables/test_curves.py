"""Curves for `dvc plots`: worked means."""

import pandas as pd
import pytest

from pipeline.results.tables.answers import CURVES, RATES, learning_curves
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


def test_rates_average_the_ledger_and_leave_out_what_diverged(small, written):
    rates = pd.read_csv(written / "learning_rates.csv")
    assert list(rates) == RATES
    ok = small.tuning[small.tuning["status"] == "ok"]
    assert set(rates["arm"]) == {*small.study.factors[0].labels, "placebo"}
    for arm, curve in rates.groupby("arm"):
        own = ok[ok["arm"] == arm]
        assert 1 < len(curve) <= small.study.tune.trials
        low, high = own["value"].agg(["min", "max"])
        assert curve["value"].between(low - 1e-6, high + 1e-6).all()
    # Each of five blocks chose once.
    assert rates.groupby("arm")["chosen"].sum().eq(5).all()


def test_nothing_stored_gives_an_empty_table(small):
    assert learning_curves(without(small, "history")).empty
