"""Scores of a prediction: pure functions of truth and prediction, in their natural units.

Classification: `truth` (n,) holds class numbers, `probabilities` (n, n_classes) rows that sum to
one. Regression: `truth` and `values` have shape (n,). All compute in float64, also for
probabilities stored as float16.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Probabilities are stored as float16, whose least positive number is 6e-8: below, it was zero.
_LEAST = 1e-7
_BINS = 15
Array = NDArray[Any]


def hits(truth: Array, probabilities: Array) -> Array:
    """Return for each example whether its most probable class is the true one, ties to the first.

    The mean is the accuracy.
    """
    return np.asarray(probabilities.argmax(axis=1) == truth)


def balanced_accuracy(truth: Array, probabilities: Array) -> float:
    """Return the mean recall over the classes that occur in `truth`."""
    hit = probabilities.argmax(axis=1) == truth
    n = np.bincount(truth)
    return float(np.mean((np.bincount(truth, hit) / np.maximum(n, 1))[n > 0]))


def macro_f1(truth: Array, probabilities: Array) -> float:
    """Return the mean over classes of 2 · hits / (true + predicted), classes that occur in either.

    References
    ----------
    Opitz and Burst (2019), "Macro F1 and macro F1", the mean of F1 rather than F1 of means.
    """
    guesses, n_classes = probabilities.argmax(axis=1), probabilities.shape[1]
    hits = np.bincount(truth[guesses == truth], minlength=n_classes)
    total = np.bincount(truth, minlength=n_classes) + np.bincount(guesses, minlength=n_classes)
    return float(np.mean(2 * hits[total > 0] / total[total > 0]))


def top_k_hits(truth: Array, probabilities: Array, k: int) -> Array:
    """Return for each example whether fewer than k classes come before the true one.

    Of equal probabilities the lower class number comes first, as in `hits`, which is k = 1.
    """
    own = np.take_along_axis(probabilities, truth[:, None].astype(np.int64), axis=1)
    before = (probabilities == own) & (np.arange(probabilities.shape[1]) < truth[:, None])
    return np.asarray(((probabilities > own) | before).sum(axis=1) < k)


def log_losses(truth: Array, probabilities: Array) -> Array:
    """Return −log p(true class) of each example, in nats, p no smaller than 1e-7 of its row's sum.

    The mean is the log loss.
    """
    p = probabilities.astype(np.float64)
    own = np.take_along_axis(p, truth[:, None].astype(np.int64), axis=1)[:, 0] / p.sum(axis=1)
    return np.asarray(-np.log(np.maximum(own, _LEAST)))


def brier_scores(truth: Array, probabilities: Array) -> Array:
    """Return Σ over classes (p − indicator)² of each example, in [0, 2]; the mean is Brier's score.

    References
    ----------
    Brier (1950), "Verification of forecasts expressed in terms of probability".
    """
    off = probabilities.astype(np.float64)
    off[np.arange(len(truth)), truth] -= 1
    return np.asarray(np.sum(off**2, axis=1))


def calibration_error(truth: Array, probabilities: Array) -> float:
    """Return Σ over 15 equal bins of confidence: share of examples · |accuracy − confidence|.

    References
    ----------
    Guo et al. (2017), "On calibration of modern neural networks", equation 3.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    gap = (probabilities.argmax(axis=1) == truth) - confidence
    # A bin holds its upper edge, so that a confidence of exactly 1 is in the last one.
    bins = np.clip(np.ceil(confidence * _BINS).astype(int) - 1, 0, _BINS - 1)
    return float(np.abs(np.bincount(bins, gap)).sum() / len(truth))


def rmse(truth: Array, values: Array) -> float:
    """Return √mean (truth − value)²."""
    return float(np.sqrt(np.mean((truth - values.astype(np.float64)) ** 2)))


def absolute_errors(truth: Array, values: Array) -> Array:
    """Return |truth − value| of each example; the mean is the mean absolute error."""
    return np.asarray(np.abs(truth - values.astype(np.float64)))


def r2(truth: Array, values: Array) -> float:
    """Return 1 − Σ (truth − value)² / Σ (truth − mean)²; NaN for a constant truth."""
    left = np.sum((truth - values.astype(np.float64)) ** 2)
    total = np.sum((truth - np.mean(truth)) ** 2)
    return float(1 - left / total) if total > 0 else float("nan")
