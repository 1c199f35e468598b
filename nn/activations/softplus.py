"""Softplus."""

from __future__ import annotations

import math

import numpy as np

from nn.activations.activation import Activation

_LEAST = -46.0
"""An exponential of less counts as 0: from -87 on it would be subnormal, and slow."""


class Softplus(Activation):
    """Softplus: ``y = log(1 + exp(x))``, ``y' = sigmoid(x) = 1 - exp(-y)``.

    Notes
    -----
    ``max(x, 0) + log(1 + exp(-|x|))`` overflows nowhere.

    References
    ----------
    Dugas et al. (2001), Incorporating second-order functional knowledge.
    """

    from_output = True

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.abs(x, out=scratch)
        np.negative(scratch, out=scratch)
        np.maximum(scratch, _LEAST, out=scratch)
        np.exp(scratch, out=scratch)
        np.multiply(scratch, scratch > math.exp(_LEAST + 1), out=scratch)
        np.log1p(scratch, out=scratch)
        np.maximum(x, 0, out=out)
        np.add(out, scratch, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        np.negative(y, out=scratch)
        np.expm1(scratch, out=scratch)
        np.multiply(gradient, scratch, out=gradient)
        np.negative(gradient, out=gradient)
