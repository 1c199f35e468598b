"""Exponential linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.activations.activation import Activation


class ELU(Activation):
    """ELU: ``y = x if x > 0 else alpha (exp(x) - 1)``, ``y' = 1 if x > 0 else y + alpha``.

    Parameters
    ----------
    alpha : float
        Not negative; at 0 this is ReLU.

    References
    ----------
    Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep network learning by ELUs.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        if not alpha >= 0:
            raise ValueError(f"ELU.alpha — must be at least 0 — got {alpha}.")
        self.alpha = alpha

    def options(self) -> dict[str, Any]:
        return {"alpha": self.alpha}

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.minimum(x, 0, out=scratch)
        np.expm1(scratch, out=scratch)
        np.multiply(scratch, self.alpha, out=scratch)
        np.maximum(x, 0, out=out)
        np.add(out, scratch, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        np.minimum(y, 0, out=scratch)
        np.add(scratch, self.alpha, out=scratch)
        np.copyto(scratch, 1, where=y > 0)
        np.multiply(gradient, scratch, out=gradient)
