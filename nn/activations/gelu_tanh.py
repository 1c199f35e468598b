"""Gaussian error linear unit, tanh form."""

from __future__ import annotations

import math

import numpy as np

from nn.activations.activation import Activation

_ROOT = math.sqrt(2 / math.pi)
_CUBIC = 0.044715


class GELUTanh(Activation):
    """GELU, tanh form: ``y = x (1 + tanh u) / 2``, ``u = sqrt(2 / pi) (x + 0.044715 x^3)``.

    ``y' = (1 + tanh u) / 2 + x (1 - tanh^2 u) u' / 2``.

    References
    ----------
    Hendrycks and Gimpel (2016), Gaussian error linear units, section 2.
    """

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.multiply(x, x, out=scratch)
        np.multiply(scratch, _CUBIC * _ROOT, out=scratch)
        np.add(scratch, _ROOT, out=scratch)
        np.multiply(scratch, x, out=scratch)
        np.tanh(scratch, out=scratch)
        np.add(scratch, 1, out=out)
        np.multiply(out, x, out=out)
        np.multiply(out, 0.5, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        # The scratch still holds the tanh of the forward pass.
        slope = x * x
        slope *= 3 * _CUBIC * _ROOT
        slope += _ROOT
        slope *= x * (1 - scratch * scratch)
        slope += scratch
        slope += 1
        slope *= 0.5
        np.multiply(gradient, slope, out=gradient)
