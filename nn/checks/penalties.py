"""The contract of penalties."""

from __future__ import annotations

import numpy as np

from nn.checks.contract import BreachError, Subject, same_bytes, slope_error
from nn.penalties import Penalty


def exercise(subject: Subject) -> list[np.ndarray]:
    """Return value and gradient at random weights."""
    weights = _draw().astype(np.float32)
    return [np.array(subject.make().value(weights)), _gradient(subject.make(), weights)]


def gradient(subject: Subject) -> None:
    """add_gradient adds the derivative of value."""
    penalty, weights = subject.make(), _draw()
    error = slope_error(penalty.value, _gradient(penalty, weights), weights)
    if not error <= 1e-6:
        raise BreachError(
            "add_gradient must agree with finite differences of value to 1e-6",
            f"{error:.3g}",
            "Derive value by the weights; mind factors of 2.",
        )


def it_adds(subject: Subject) -> None:
    """What is in the gradients stays there."""
    penalty, weights = subject.make(), _draw()
    gradients = np.full_like(weights, 3.0)
    penalty.add_gradient(weights, gradients, np.empty_like(weights))
    if not np.allclose(gradients - 3, _gradient(penalty, weights)):
        raise BreachError(
            "add_gradient must add to what is there", "another sum", "Write `gradients += …`."
        )


def dtype_and_shape(subject: Subject) -> None:
    """The value is a number; weights are not changed, nor types."""
    penalty = subject.make()
    for dtype in (np.float32, np.float64):
        weights = _draw().astype(dtype)
        held = weights.copy()
        value, gradients = penalty.value(weights), _gradient(penalty, weights)
        if not (isinstance(value, float) and np.isfinite(value)):
            raise BreachError("value must be a finite float", repr(value), "Write float(…).")
        if not np.array_equal(weights, held) or gradients.dtype != dtype:
            raise BreachError("weights must stay as they are", "changed ones", "Work in `scratch`.")


def chunk_sizes_agree(subject: Subject) -> None:
    """Stretch by stretch it adds what it adds to the whole."""
    penalty, weights = subject.make(), _draw()
    parts = [_gradient(penalty, weights[i : i + 7]) for i in range(0, len(weights), 7)]
    if not np.array_equal(np.concatenate(parts), _gradient(penalty, weights)):
        raise BreachError(
            "stretches of the weights must get what the whole gets",
            "another gradient",
            "Let each weight's gradient follow from that weight alone.",
        )


def off_is_absent(subject: Subject) -> None:
    """At its off options nothing is touched, signs of zeros included."""
    if subject.off is None:
        return
    penalty, weights = subject.make(**subject.off), _draw()
    gradients = np.where(np.arange(len(weights)) % 2, -0.0, 1.5)
    held = gradients.copy()
    penalty.add_gradient(weights, gradients, np.empty_like(weights))
    if not same_bytes([gradients], [held]) or penalty.value(weights) != 0:
        raise BreachError(
            f"at {dict(subject.off)} it must change nothing",
            "another gradient or value",
            "Return early from add_gradient.",
        )


def it_is_a_penalty(subject: Subject) -> None:
    """Must be a subclass."""
    penalty = subject.make()
    if not isinstance(penalty, Penalty):
        raise BreachError("must be an nn.Penalty", type(penalty).__mro__, "Derive it from that.")


RULES = (it_is_a_penalty, gradient, it_adds, dtype_and_shape, chunk_sizes_agree, off_is_absent)


def _gradient(penalty: Penalty, weights: np.ndarray) -> np.ndarray:
    gradients = np.zeros_like(weights)
    penalty.add_gradient(weights, gradients, np.empty_like(weights))
    return gradients


def _draw() -> np.ndarray:
    return np.random.default_rng(0).normal(size=40)
