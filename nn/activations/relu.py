"""Rectified linear unit."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation


class ReLU(Activation):
    """Rectified linear unit: ``y = max(x, 0)``, ``y' = 1 if x > 0 else 0``.

    References
    ----------
    Nair and Hinton (2010), Rectified linear units improve restricted Boltzmann machines.
    """

    from_output = True

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        # NumPy vectorises the maximum of two arrays, not that of an array and a number.
        scratch.fill(0)
        np.maximum(x, scratch, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        # Going through a float mask is faster than a product of float and bool, which casts
        # piecewise, and four times faster than assigning zeros where the mask says so.
        np.copyto(scratch, y > 0)
        np.multiply(gradient, scratch, out=gradient)
