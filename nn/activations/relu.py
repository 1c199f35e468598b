"""The rectifier."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation


class ReLU(Activation):
    """f(x) = max(x, 0), with f'(0) = 0.

    References
    ----------
    Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines.
    """

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Write max(x, 0) over x."""
        return np.maximum(x, 0, out=x)

    def slope(self, y: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Return 1 where y > 0, else 0."""
        return np.greater(y, 0, out=out)
