"""Exponential linear unit."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation
from nn.interval import require


class ELU(Activation):
    """ELU: ``y = x if x > 0 else alpha (exp(x) - 1)``, ``y' = 1 if x > 0 else y + alpha``.

    Parameters
    ----------
    alpha : float
        Not negative; at 0 this is ReLU.

    References
    ----------
    Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep network learning by ELUs.
    """

    from_output = True

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = require("ELU.alpha", alpha, "[0, inf)")

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.minimum(x, 0, out=scratch)
        np.expm1(scratch, out=scratch)
        np.multiply(scratch, self.alpha, out=scratch)
        np.maximum(x, 0, out=out)
        np.add(out, scratch, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        np.minimum(y, 0, out=scratch)
        np.add(scratch, self.alpha, out=scratch)
        np.copyto(scratch, 1, where=y > 0)
        np.multiply(gradient, scratch, out=gradient)
