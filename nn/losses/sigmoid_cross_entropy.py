"""Binary cross-entropy of independent sigmoid outputs, from logits."""

from __future__ import annotations

import numpy as np

from nn.losses.loss import Loss, one_hot

_MOST = 46.0
"""Beyond it the exponential is rounding error; from 87 on it would be subnormal, and slow."""


class SigmoidCrossEntropy(Loss):
    """Sigmoid binary cross-entropy: ``L = mean_i sum_k log(1 + exp(z)) - t z``.

    Its gradient is ``(sigmoid(z) - t) / n``. The sum runs over outputs, the mean over examples;
    class indices are taken as one-hot rows.

    Notes
    -----
    ``log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|))`` and ``sigmoid(z) = (1 + tanh(z/2)) / 2``
    overflow nowhere.
    """

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        t = one_hot(targets, logits)
        n = len(logits)
        terms = (
            np.maximum(logits, 0)
            + np.log1p(np.exp(-np.minimum(np.abs(logits), _MOST)))
            - t * logits
        )
        gradient = (0.5 * (1 + np.tanh(0.5 * logits)) - t) / n
        return float(terms.sum() / n), gradient
