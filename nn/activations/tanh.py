"""The hyperbolic tangent."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation


class Tanh(Activation):
    """f(x) = tanh(x), f'(x) = 1 - f(x)**2."""

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Write tanh(x) over x."""
        return np.tanh(x, out=x)

    def slope(self, y: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Return 1 - y**2."""
        np.multiply(y, y, out=out)
        return np.subtract(1, out, out=out)
