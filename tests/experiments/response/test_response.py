"""Responses: each score against scikit-learn, direction and unit."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from experiments.errors import StudyError
from experiments.response.response import RESPONSES, Response, built_in, top_k

RNG = np.random.default_rng(0)
TRUTH = RNG.integers(0, 4, 200)
TRUTH[TRUTH == 2] = 1  # a class that never occurs
PROBABILITIES = RNG.dirichlet(np.ones(4), 200)
GUESSES = PROBABILITIES.argmax(axis=1)
VALUES = RNG.normal(size=(2, 50))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", metrics.accuracy_score(TRUTH, GUESSES)),
        ("macro_f1", metrics.f1_score(TRUTH, GUESSES, average="macro", zero_division=0)),
        ("top_3", metrics.top_k_accuracy_score(TRUTH, PROBABILITIES, k=3, labels=range(4))),
        ("log_loss", metrics.log_loss(TRUTH, PROBABILITIES, labels=range(4))),
        ("brier", np.mean(np.sum((PROBABILITIES - np.eye(4)[TRUTH]) ** 2, axis=1))),
    ],
)
def test_classification_agrees_with_scikit_learn(name: str, expected: float) -> None:
    assert RESPONSES[name].value(TRUTH, PROBABILITIES) == pytest.approx(expected)


def test_balanced_accuracy_agrees_with_scikit_learn() -> None:
    # scikit-learn warns of guesses outside the true classes, which here are wrong on purpose.
    per_class = metrics.recall_score(TRUTH, GUESSES, average=None, labels=[0, 1, 3])

    assert RESPONSES["balanced_accuracy"].value(TRUTH, PROBABILITIES) == pytest.approx(
        per_class.mean()
    )


def test_the_binary_brier_score_is_twice_scikit_learns() -> None:
    truth, p = TRUTH % 2, PROBABILITIES[:, 0]
    found = RESPONSES["brier"].value(truth, np.column_stack([1 - p, p]))

    assert found == pytest.approx(2 * metrics.brier_score_loss(truth, p))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rmse", metrics.root_mean_squared_error(*VALUES)),
        ("mae", metrics.mean_absolute_error(*VALUES)),
        ("r2", metrics.r2_score(*VALUES)),
    ],
)
def test_regression_agrees_with_scikit_learn(name: str, expected: float) -> None:
    assert RESPONSES[name].value(*VALUES) == pytest.approx(expected)
    assert RESPONSES[name].task == "regression"


def test_calibration_error_worked_example() -> None:
    # Two bins: 0.9 said and 0.5 right of four, 0.6 said and 1.0 right of two.
    confidence = np.array([0.9] * 4 + [0.6] * 2)
    truth = np.array([0, 0, 1, 1, 0, 0])
    found = RESPONSES["ece"].value(truth, np.column_stack([confidence, 1 - confidence]))

    assert found == pytest.approx(4 / 6 * 0.4 + 2 / 6 * 0.4)


def test_certain_and_right_is_perfect_by_every_measure() -> None:
    truth = np.array([0, 1, 2, 3])
    for response in RESPONSES.values():
        if response.task == "classification":
            best = 1.0 if response.better == "higher" else 0.0
            assert response.value(truth, np.eye(4)) == pytest.approx(best, abs=1e-12)
        else:
            best = 1.0 if response.better == "higher" else 0.0
            assert response.value(truth, truth.astype(float)) == best


def test_half_precision_is_enough() -> None:
    for name, response in RESPONSES.items():
        if response.task == "classification":
            exact = response.value(TRUTH, PROBABILITIES)
            stored = response.value(TRUTH, PROBABILITIES.astype(np.float16))
            assert stored == pytest.approx(exact, abs=2e-3), name


def test_a_probability_of_zero_is_a_finite_loss() -> None:
    wrong = np.array([[1.0, 0.0]], np.float16)

    assert RESPONSES["log_loss"].value(np.array([1]), wrong) == pytest.approx(-np.log(1e-7))


def test_top_one_is_accuracy_also_where_probabilities_tie() -> None:
    tied = np.array([[0.5, 0.5], [0.5, 0.5]])
    truth = np.array([0, 1])

    assert top_k(1).value(truth, tied) == RESPONSES["accuracy"].value(truth, tied) == 0.5
    assert top_k(2).value(truth, tied) == 1.0


def test_a_constant_truth_has_no_r2() -> None:
    assert np.isnan(RESPONSES["r2"].value(np.ones(3), np.array([1.0, 2.0, 3.0])))


def test_direction_and_unit_follow_the_response() -> None:
    assert (RESPONSES["accuracy"].sign, RESPONSES["accuracy"].difference_unit) == (1, "pp")
    assert (RESPONSES["log_loss"].sign, RESPONSES["log_loss"].difference_unit) == (-1, "nats")


@pytest.mark.parametrize("name", ["acuracy", "top_0", "test_accuracy", ""])
def test_unknown_responses_are_refused(name: str) -> None:
    with pytest.raises(StudyError, match=r"`study.response` must name a response"):
        built_in(name)


def test_any_k_is_built_in() -> None:
    assert built_in("top_2").title == "top-2 accuracy"


def test_what_is_a_mean_over_examples_is_the_mean_of_each() -> None:
    for response in RESPONSES.values():
        if response.each is None:
            continue
        given = (TRUTH, PROBABILITIES) if response.task == "classification" else VALUES
        values = response.each(*given)
        assert values.shape == (len(given[0]),)
        assert response.value(*given) == pytest.approx(np.mean(values))


def test_a_response_of_ones_own_needs_a_name_a_function_and_a_direction() -> None:
    with pytest.raises(StudyError, match="letters, digits"):
        Response("my kappa", "kappa", len)
    with pytest.raises(StudyError, match="`of` or `each`"):
        Response("kappa", "kappa")
    with pytest.raises(StudyError, match="higher or lower"):
        Response("kappa", "kappa", len, better="best")  # type: ignore[arg-type]


def test_what_it_cannot_judge_is_said_with_what_could() -> None:
    with pytest.raises(StudyError, match="rmse is for regression, and wine has classes"):
        RESPONSES["rmse"].check_task(regression=False, where="wine")
    RESPONSES["r2"].check_task(regression=True)
    Response("own", "own", len).check_task(regression=True)
