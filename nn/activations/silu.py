"""Sigmoid linear unit (swish)."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation


class SiLU(Activation):
    """SiLU: ``y = x s`` with ``s = sigmoid(x)``, ``y' = s + y (1 - s)``.

    References
    ----------
    Elfwing, Uchibe and Doya (2018), Sigmoid-weighted linear units.
    """

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        _sigmoid(x, scratch)
        np.multiply(x, scratch, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        # The scratch still holds the sigmoid of the forward pass.
        np.multiply(gradient, scratch + y * (1 - scratch), out=gradient)


def _sigmoid(x: np.ndarray, out: np.ndarray) -> None:
    """Write the sigmoid of x into `out`; the form with tanh cannot overflow."""
    np.multiply(x, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    np.add(out, 0.5, out=out)
