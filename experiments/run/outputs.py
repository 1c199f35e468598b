"""What a model answers on the test part, in the form in which it is kept."""

from __future__ import annotations

from typing import Any

import numpy as np

_TOLERANCE = 1e-3


def check_outputs(answer: Any, *, n: int, n_classes: int) -> np.ndarray:
    """Return a model's answers as float64 if they are what answers must be.

    Parameters
    ----------
    answer : array-like
        What `predict` returned.
    n : int
        How many rows it was given.
    n_classes : int
        How many classes there are; 0 where the target is a number.

    Raises
    ------
    ValueError
        If the shape is another, a value is not finite, or rows of probabilities are not such.
    """
    values = np.asarray(answer, np.float64)
    if not n_classes and values.shape == (n, 1):
        values = values[:, 0]
    expected = (n, n_classes) if n_classes else (n,)
    if values.shape != expected:
        raise ValueError(
            f"predict — must return shape {expected} — got {values.shape}. Return class "
            "probabilities, one row per example."
        )
    if not np.isfinite(values).all():
        raise ValueError(f"predict — must be finite — got {_worst(values)}.")
    if n_classes:
        sums = values.sum(axis=1)
        if values.min(initial=0) < 0 or (abs(sums - 1) > _TOLERANCE).any():
            raise ValueError(
                "predict — rows must be probabilities that sum to 1 — got a row "
                f"{values[abs(sums - 1).argmax()].round(4).tolist()[:5]}."
            )
    return values


def _worst(values: np.ndarray) -> str:
    return f"{np.count_nonzero(~np.isfinite(values))} values that are not"


def compact(probabilities: np.ndarray) -> np.ndarray:
    """Return the logarithms of probabilities as float16, with the same largest entry in each row.

    Two bytes hold a logarithm to a relative 2^-11: a probability of 0.9999 as well as one of
    1e-9, which float16 itself rounds to 1 and to 0. Rounding may let a smaller entry catch up
    with the largest one; it is then moved one step down.
    """
    with np.errstate(divide="ignore"):
        logs = np.log(probabilities).astype(np.float16)
    rows, best = np.arange(len(logs)), probabilities.argmax(axis=1)
    top = logs[rows, best][:, np.newaxis]
    earlier = np.arange(logs.shape[1]) < best[:, np.newaxis]
    below = np.nextafter(top, np.float16(-np.inf))
    # Only an entry before it, or one above it, would be taken for the largest.
    return np.where((logs > top) | (earlier & (logs == top)), below, logs)


def expand(logs: np.ndarray) -> np.ndarray:
    """Return the probabilities (float64, rows sum to 1) that `compact` was given, rounded."""
    values = np.exp(logs.astype(np.float64))
    return np.asarray(values / values.sum(axis=1, keepdims=True))
