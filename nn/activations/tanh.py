"""Hyperbolic tangent."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation


class Tanh(Activation):
    """Hyperbolic tangent: ``y = tanh(x)``, ``y' = 1 - y^2``."""

    from_output = True

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.tanh(x, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        np.multiply(y, y, out=scratch)
        np.subtract(1, scratch, out=scratch)
        np.multiply(gradient, scratch, out=gradient)
