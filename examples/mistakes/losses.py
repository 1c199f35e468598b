"""Losses with a mistake each, and the slow one that is none."""

from __future__ import annotations

import numpy as np

from nn import CrossEntropy, Loss
from nn.losses import one_hot


class ShiftedTargets(Loss):
    """Cross-entropy of class y - 1: `output[y - 1] = 1` where `output[y] = 1` was meant.

    Python takes index -1 for the last, so that class 0 becomes the last one and nothing fails.
    """

    def __init__(self) -> None:
        self._right = CrossEntropy()

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        return self._right(logits, (targets - 1) % logits.shape[1])


class NoMaximum(Loss):
    """Cross-entropy by `exp(z) / sum(exp(z))`: in float32 it overflows at a logit of 89."""

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        t = one_hot(targets, logits)
        exponentials = np.exp(logits)
        p = exponentials / exponentials.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(t > 0, t * np.log(p), 0)
        return float(-terms.sum() / len(t)), (p - t) / len(t)


class DiagonalSoftmax(Loss):
    """Squared error after softmax, with `p (1 - p)` for the derivative of softmax.

    That is the diagonal of its Jacobian alone. The whole one gives `dL/dz = p (g - g·p)` with
    `g = p - t`; cross-entropy gives `p - t` and needs neither.
    """

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        p, t = _softmax(logits), one_hot(targets, logits)
        return _half_square(p, t), (p - t) * p * (1 - p) / len(t)


class DiagonalSoftmaxOfShifted(Loss):
    """`DiagonalSoftmax` with the targets of `ShiftedTargets`: both, as the notebook has them."""

    def __init__(self) -> None:
        self._right = DiagonalSoftmax()

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        return self._right(logits, (targets - 1) % logits.shape[1])


class SquaredSoftmax(Loss):
    """Squared error after softmax with its whole Jacobian: right, and slow where p is near 0."""

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        p, t = _softmax(logits), one_hot(targets, logits)
        g = p - t
        return _half_square(p, t), p * (g - (g * p).sum(axis=1, keepdims=True)) / len(t)


def _softmax(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def _half_square(p: np.ndarray, t: np.ndarray) -> float:
    return float(((p - t) ** 2).sum() / (2 * len(t)))
