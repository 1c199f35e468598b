"""Answers as they are kept: two bytes a class, and never another class than the model's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from experiments.run.outputs import check_outputs, compact, expand
from nn.softmax import softmax


@given(
    arrays(np.float32, (20, 5), elements=st.floats(-40, 40, width=32)),
    st.sampled_from([1e-6, 1e-3, 1.0]),
)
@settings(deadline=None, max_examples=60)
def test_the_predicted_class_survives_rounding(logits: np.ndarray, scale: float) -> None:
    """Close logits round to one number, and the first of equals is taken for the largest."""
    probabilities = softmax(logits.astype(np.float64) * scale)
    kept = compact(probabilities)
    np.testing.assert_array_equal(kept.argmax(axis=1), probabilities.argmax(axis=1))
    np.testing.assert_array_equal(expand(kept).argmax(axis=1), probabilities.argmax(axis=1))


def test_near_one_and_near_zero_are_kept_alike() -> None:
    probabilities = np.array([[1 - 1e-4 - 1e-9, 1e-4, 1e-9]])
    found = expand(compact(probabilities))
    np.testing.assert_allclose(found, probabilities, rtol=0.01)
    np.testing.assert_allclose(1 - found[0, 0], 1e-4, rtol=0.01)


def test_what_a_tree_is_sure_of_stays_sure() -> None:
    kept = expand(compact(np.array([[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]])))
    np.testing.assert_array_equal(kept, [[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (np.ones((3, 1)), r"shape \(2, 2\) — got \(3, 1\)"),
        ([[0.5, np.nan], [1, 0]], "must be finite — got 1 values"),
        ([[0.5, 0.6], [1, 0]], "sum to 1 — got a row"),
        ([[1.5, -0.5], [1, 0]], "sum to 1 — got a row"),
    ],
)
def test_answers_that_are_no_probabilities_are_refused(answer: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_outputs(answer, n=2, n_classes=2)


def test_numbers_may_come_as_a_column() -> None:
    np.testing.assert_array_equal(check_outputs([[1.0], [2.0]], n=2, n_classes=0), [1.0, 2.0])
