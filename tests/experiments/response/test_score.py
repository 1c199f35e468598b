"""Scores of what runs stored: rounded probabilities, numbers, and functions that fail."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.errors import StudyError
from experiments.response import RESPONSES, Response, score
from experiments.run.outputs import compact

RNG = np.random.default_rng(1)
TRUTH = RNG.integers(0, 300, 500).astype(np.uint16)
PROBABILITIES = RNG.dirichlet(np.full(300, 0.1), 500)


@pytest.mark.parametrize("name", ["accuracy", "macro_f1", "top_5", "log_loss", "brier", "ece"])
def test_stored_answers_give_the_value_of_the_exact_ones(name: str) -> None:
    response = RESPONSES[name]
    exact = response.value(TRUTH, np.maximum(PROBABILITIES, 1e-7))

    assert score(response, TRUTH, compact(PROBABILITIES)) == pytest.approx(exact, rel=5e-3)


def test_numbers_are_judged_as_they_are() -> None:
    truth, guess = np.array([1.0, 2.0]), np.array([2.0, 4.0], np.float32)

    assert score(RESPONSES["rmse"], truth, guess) == pytest.approx(np.sqrt(2.5))
    with pytest.raises(StudyError, match="accuracy is for classification"):
        score(RESPONSES["accuracy"], truth, guess)


def test_nothing_answered_is_not_a_number() -> None:
    assert np.isnan(score(RESPONSES["r2"], np.empty(0), np.empty(0, np.float32)))


def test_a_function_that_fails_is_named() -> None:
    broken = Response("kappa", "kappa", lambda truth, p: truth / "x")

    with pytest.raises(StudyError, match=r"response kappa must return a number .*TypeError"):
        score(broken, np.ones(2), np.ones(2, np.float32))
