"""Logistic sigmoid."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation


class Sigmoid(Activation):
    """Logistic sigmoid: ``y = 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2``, ``y' = y (1 - y)``.

    Notes
    -----
    The form with tanh cannot overflow.
    """

    from_output = True
    gives_shares = True

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.multiply(x, 0.5, out=out)
        np.tanh(out, out=out)
        np.multiply(out, 0.5, out=out)
        np.add(out, 0.5, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        np.subtract(1, y, out=scratch)
        np.multiply(scratch, y, out=scratch)
        np.multiply(gradient, scratch, out=gradient)
