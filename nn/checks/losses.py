"""The contract of losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.checks.contract import BreachError, Subject, slope_error


def exercise(subject: Subject) -> list[np.ndarray]:
    """Return value and gradient for class indices and for rows."""
    logits, classes, rows = _problem(np.float32)
    results = []
    for targets in (classes, rows):
        value, gradient = subject.make()(logits, targets)
        results += [np.array(value), gradient.copy()]
    return results


def gradient(subject: Subject) -> None:
    """The second result is the derivative of the first, for indices and rows."""
    for targets in _problem(np.float64)[1:]:
        loss, logits = subject.make(), _problem(np.float64)[0]
        analytic = loss(logits, targets)[1].copy()

        def value(z: np.ndarray, loss: Any = loss, targets: np.ndarray = targets) -> float:
            return float(loss(z, targets)[0])

        error = slope_error(value, analytic, logits)
        if not error <= 1e-6:
            raise BreachError(
                "the gradient must agree with finite differences to 1e-6",
                f"{error:.3g} with targets of shape {targets.shape}",
                "Derive the value by the logits; the mean over examples belongs to both.",
            )


def dtype_and_shape(subject: Subject) -> None:
    """A float and an array like the logits, which stay as they are."""
    for dtype in (np.float32, np.float64):
        logits, classes, _ = _problem(dtype)
        held, (value, slope) = logits.copy(), subject.make()(logits, classes)
        if not isinstance(value, float):
            raise BreachError("the value must be a float", type(value), "Write float(…).")
        if (slope.shape, slope.dtype) != (logits.shape, logits.dtype):
            raise BreachError(
                f"the gradient must be {logits.shape} of {logits.dtype}",
                f"{slope.shape} of {slope.dtype}",
                "Let its type follow from the logits'; nn.one_hot(targets, logits) does.",
            )
        if not np.array_equal(logits, held):
            raise BreachError("the logits must stay as they are", "changed ones", "Copy them.")


def precisions_agree(subject: Subject) -> None:
    """float32 follows float64, in value and gradient."""
    for k in (1, 2):
        (narrow, wide) = (_problem(t) for t in (np.float32, np.float64))
        one = _copied(subject.make()(narrow[0], narrow[k]))
        other = subject.make()(narrow[0].astype(np.float64), narrow[k].astype(wide[k].dtype))
        error = max(abs(one[0] / other[0] - 1), np.abs(one[1] - other[1]).max())
        if not error < 1e-4:
            raise BreachError(
                "float32 must agree with float64 to 1e-4",
                f"{error:.3g}",
                "Avoid differences of nearly equal numbers.",
            )


def it_is_a_mean(subject: Subject) -> None:
    """Each example twice: the same value, half the gradient; in another order: the same value."""
    logits, classes, _ = _problem(np.float64)
    value, slope = _copied(subject.make()(logits, classes))
    twice = _copied(subject.make()(np.tile(logits, (2, 1)), np.tile(classes, 2)))
    turned = _copied(subject.make()(logits[::-1].copy(), classes[::-1]))
    if not (
        np.isclose(twice[0], value)
        and np.allclose(twice[1][: len(logits)], slope / 2)
        and np.isclose(turned[0], value)
        and np.allclose(turned[1][::-1], slope)
    ):
        raise BreachError(
            "a batch taken twice must have the same value and half the gradient",
            f"{twice[0]:.6g} instead of {value:.6g}",
            "Divide value and gradient by len(logits).",
        )


def finite_far_out(subject: Subject) -> None:
    """Logits of ten thousand overflow nowhere."""
    logits = np.array([[1e4, -1e4, 0, 5], [-1e4, 1e4, 1e4, 0]], np.float32)
    with np.errstate(all="ignore"):
        value, slope = subject.make()(logits, np.array([1, 0]))
    if not (np.isfinite(value) and np.isfinite(slope).all()):
        raise BreachError(
            "value and gradient must be finite at logits of ±1e4",
            value,
            "Subtract the largest logit before exp; use log1p and expm1.",
        )


RULES = (gradient, dtype_and_shape, precisions_agree, it_is_a_mean, finite_far_out)


def _problem(dtype: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return logits (6, 4), class indices, and rows of shares."""
    rng = np.random.default_rng(0)
    logits = (3 * rng.normal(size=(6, 4))).astype(dtype)
    return logits, rng.integers(0, 4, 6), rng.dirichlet(np.ones(4), 6).astype(dtype)


def _copied(result: tuple[float, np.ndarray]) -> tuple[float, np.ndarray]:
    # A loss may use its memory again in the next call.
    return result[0], result[1].copy()
