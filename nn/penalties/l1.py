"""L1 penalty."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.interval import require
from nn.penalties.penalty import Penalty


class L1(Penalty):
    """L1 penalty: ``strength * sum |w|``, gradient ``strength * sign(w)``.

    Parameters
    ----------
    strength : float
        Not negative; 0 for off.
    """

    off: ClassVar = {"strength": 0.0}

    def __init__(self, strength: float = 1e-4) -> None:
        self.strength = require("L1.strength", strength, "[0, inf)")

    def value(self, weights: np.ndarray) -> float:
        return self.strength * float(np.abs(weights).sum())

    def add_gradient(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        if self.strength:
            np.sign(weights, out=scratch)
            np.multiply(scratch, self.strength, out=scratch)
            np.add(gradients, scratch, out=gradients)
