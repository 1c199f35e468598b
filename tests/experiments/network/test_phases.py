"""A run's phases, each read from the clock, sum to the run's total."""

from __future__ import annotations

from typing import Any

import pytest

from data_loaders.load import load
from experiments.design.study import parse_study
from experiments.network.train_network import PHASES
from experiments.run.execute import execute
from tests.plans import planned


@pytest.fixture(scope="module")
def result():
    params: dict[str, Any] = {
        "datasets": ["digits"],
        "factors": {"augmentation": {"off": "none", "on": {"shift": {"max_shift": 1}}}},
        "recipe": {"hidden": [128, 64], "epochs": 5, "learning_rate": 0.05, "dropout": 0.2},
        "tune": {"per": []},
    }
    digits = load("digits")
    specs = planned(parse_study(params), {}, content=digits.content_hash)
    return execute(next(spec for spec in specs if spec.cell == "augmentation"), digits)


def test_phases_with_other_sum_to_the_total_within_two_percent(result) -> None:
    parts = [result.metrics[name] for name in (*PHASES, "other_s")]

    assert sum(parts) == pytest.approx(result.metrics["fit_wall_s"], rel=0.02)
    assert min(parts) >= 0


def test_the_named_phases_are_nearly_all_of_it(result) -> None:
    # "Other" is what is left over: bookkeeping between the phases, not a phase that was forgotten.
    # A machine that interrupts the run just there may make it larger, hence not 2 %.
    assert result.metrics["other_s"] < 0.15 * result.metrics["fit_wall_s"]


def test_epochs_sum_to_the_run_and_lie_within_its_clock(result) -> None:
    history = result.history
    for name in PHASES:
        assert sum(history[name]) == pytest.approx(result.metrics[name])
    spent = 0.0
    for i, elapsed in enumerate(history["elapsed_s"]):
        spent += sum(history[name][i] for name in PHASES)
        assert spent <= elapsed
    assert history["elapsed_s"][-1] <= result.metrics["fit_wall_s"]


def test_evaluation_is_on_the_clock(result) -> None:
    assert min(result.history["evaluation_s"]) > 0
    steps = sum(result.metrics[name] for name in PHASES if name != "evaluation_s")
    assert result.history["elapsed_s"][-1] >= steps + result.metrics["evaluation_s"]
