"""L2 penalty."""

from __future__ import annotations

import numpy as np

from nn.penalties.penalty import Penalty, require_strength


class L2(Penalty):
    """L2 penalty: ``strength / 2 * sum w^2``, gradient ``strength * w``.

    Parameters
    ----------
    strength : float
        Not negative; 0 for off. Not divided by the batch (scikit-learn's `alpha` is).
    """

    def __init__(self, strength: float) -> None:
        self.strength = require_strength("L2.strength", strength)

    def value(self, weights: np.ndarray) -> float:
        return 0.5 * self.strength * float(np.dot(weights, weights))

    def _accumulate(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        np.multiply(weights, self.strength, out=scratch)
        np.add(gradients, scratch, out=gradients)

    def _is_null(self) -> bool:
        return self.strength == 0
