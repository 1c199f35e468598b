"""Leaky rectified linear unit."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation
from nn.interval import require


class LeakyReLU(Activation):
    """Leaky ReLU: ``y = max(x, slope x)``, ``y' = 1 if x > 0 else slope``.

    Parameters
    ----------
    slope : float
        In [0, 1]; at 0 this is ReLU.

    References
    ----------
    Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models.
    """

    from_output = True

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = require("LeakyReLU.slope", slope, "[0, 1]")

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.multiply(x, self.slope, out=scratch)
        np.maximum(x, scratch, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        np.copyto(scratch, y > 0)
        np.maximum(scratch, self.slope, out=scratch)
        np.multiply(gradient, scratch, out=gradient)
