"""The logistic function."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation


class Sigmoid(Activation):
    """f(x) = 1 / (1 + exp(-x)), f'(x) = f(x) (1 - f(x)).

    Notes
    -----
    Computed as (1 + tanh(x / 2)) / 2, which cannot overflow.
    """

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Write the logistic function of x over x."""
        x *= x.dtype.type(0.5)
        np.tanh(x, out=x)
        x += 1
        x *= x.dtype.type(0.5)
        return x

    def slope(self, y: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Return y (1 - y)."""
        np.subtract(1, y, out=out)
        return np.multiply(y, out, out=out)
