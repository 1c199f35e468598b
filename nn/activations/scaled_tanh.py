"""LeCun's scaled hyperbolic tangent."""

from __future__ import annotations

import numpy as np

from nn.activations.activation import Activation

_AMPLITUDE = 1.7159


class ScaledTanh(Activation):
    """Scaled tanh: ``y = 1.7159 tanh(2 x / 3)``, ``y' = 2/3 (1.7159 - y^2 / 1.7159)``.

    References
    ----------
    LeCun et al. (1998), Efficient BackProp, section 4.4.
    """

    from_output = True

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.multiply(x, 2 / 3, out=out)
        np.tanh(out, out=out)
        np.multiply(out, _AMPLITUDE, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        np.multiply(y, y, out=scratch)
        np.multiply(scratch, -2 / 3 / _AMPLITUDE, out=scratch)
        np.add(scratch, 2 / 3 * _AMPLITUDE, out=scratch)
        np.multiply(gradient, scratch, out=gradient)
