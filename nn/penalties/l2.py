"""L2 penalty."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.interval import require
from nn.penalties.penalty import Penalty


class L2(Penalty):
    """L2 penalty: ``strength / 2 * sum w^2``, gradient ``strength * w``.

    Parameters
    ----------
    strength : float
        Not negative; 0 for off. Not divided by the batch (scikit-learn's `alpha` is).
    """

    off: ClassVar = {"strength": 0.0}

    def __init__(self, strength: float = 1e-4) -> None:
        self.strength = require("L2.strength", strength, "[0, inf)")

    def value(self, weights: np.ndarray) -> float:
        return 0.5 * self.strength * float(np.dot(weights, weights))

    def add_gradient(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        if self.strength:
            np.multiply(weights, self.strength, out=scratch)
            np.add(gradients, scratch, out=gradients)
