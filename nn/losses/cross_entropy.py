"""Softmax cross-entropy from logits."""

from __future__ import annotations

import numpy as np

from nn.aligned import aligned_zeros
from nn.interval import require
from nn.losses.loss import Loss

_LEAST = -46.0


class CrossEntropy(Loss):
    """Softmax cross-entropy: ``L = mean_i sum_k -t_ik log softmax(z_i)_k``.

    Its gradient is ``(softmax(z) - t) / n`` for targets that sum to 1.

    Parameters
    ----------
    label_smoothing : float
        Replaces t by ``(1 - s) t + s / n_classes``, s in [0, 1); 0 for none.

    Notes
    -----
    ``log softmax(z)_k = z_k - max z - log sum_j exp(z_j - max z)``: finite at any finite logits.
    The work is done on the transposed logits, (n_classes, n): sums over few classes and many
    examples run along contiguous memory. In the gradient no probability is taken for less than
    ``exp(-46) = 1e-20``: products with smaller ones are subnormal and cost 50 times the time.

    References
    ----------
    Szegedy et al. (2016), Rethinking the Inception architecture, section 7 (label smoothing).
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        self.label_smoothing = require(
            "CrossEntropy.label_smoothing", label_smoothing, "[0, 1)", "Use 0 for none."
        )
        self._columns = np.empty((0, 0))

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        z = self._transposed(logits)
        _, n = z.shape
        z -= np.maximum.reduce(z, axis=0)
        if targets.ndim == 2 or self.label_smoothing:
            t = self._smoothed(targets, z)
            likelihoods, total = (t * z).sum(axis=0), t.sum(axis=0)
            np.maximum(z, self._least, out=z)
            np.exp(z, out=z)
            sums = np.add.reduce(z, axis=0)
            losses = total * np.log(sums) - likelihoods
            z *= total / (sums * n)
            z -= t / n
        else:
            # The same for rows with a single 1, which never need to be written down.
            picked = targets * n + self._index
            flat = z.ravel()
            likelihoods = flat.take(picked)
            np.maximum(z, self._least, out=z)
            np.exp(z, out=z)
            sums = np.add.reduce(z, axis=0)
            losses = np.log(sums) - likelihoods
            z /= sums * n
            flat[picked] -= 1 / n
        np.copyto(self._gradient, z.T)
        return float(np.add.reduce(losses)) / n, self._gradient

    def _transposed(self, logits: np.ndarray) -> np.ndarray:
        """Copy the logits into the owned (n_classes, n) buffer."""
        n, n_classes = logits.shape
        if self._columns.shape != (n_classes, n) or self._columns.dtype != logits.dtype:
            self._columns = aligned_zeros((n_classes, n), logits.dtype)
            self._gradient = aligned_zeros((n, n_classes), logits.dtype)
            self._least = np.full_like(self._columns, _LEAST)
            self._index = np.arange(n)
        np.copyto(self._columns, logits.T)
        return self._columns

    def _smoothed(self, targets: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return the targets as (n_classes, n) with label smoothing."""
        if targets.ndim == 2:
            t = targets.T.astype(z.dtype)
        else:
            t = np.zeros_like(z)
            t[targets, self._index] = 1
        return t * (1 - self.label_smoothing) + self.label_smoothing / len(z)
