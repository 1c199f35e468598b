"""L1 penalty."""

from __future__ import annotations

import numpy as np

from nn.penalties.penalty import Penalty, require_strength


class L1(Penalty):
    """L1 penalty: ``strength * sum |w|``, gradient ``strength * sign(w)``.

    Parameters
    ----------
    strength : float
        Not negative; 0 for off.
    """

    def __init__(self, strength: float) -> None:
        self.strength = require_strength("L1.strength", strength)

    def value(self, weights: np.ndarray) -> float:
        return self.strength * float(np.abs(weights).sum())

    def _accumulate(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        np.sign(weights, out=scratch)
        np.multiply(scratch, self.strength, out=scratch)
        np.add(gradients, scratch, out=gradients)

    def _is_null(self) -> bool:
        return self.strength == 0
