"""Leaky rectified linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.activations.activation import Activation


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

    def __init__(self, slope: float = 0.01) -> None:
        if not 0 <= slope <= 1:
            raise ValueError(f"LeakyReLU.slope — must lie in [0, 1] — got {slope}.")
        self.slope = slope

    def options(self) -> dict[str, Any]:
        return {"slope": self.slope}

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.multiply(x, self.slope, out=scratch)
        np.maximum(x, scratch, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        np.copyto(scratch, y > 0)
        np.maximum(scratch, self.slope, out=scratch)
        np.multiply(gradient, scratch, out=gradient)
