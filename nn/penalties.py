"""Penalties on weights, never on biases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class L2:
    """P(w) = strength / 2 * sum(w**2), with gradient strength * w.

    With plain SGD this is weight decay; with adaptive optimizers it is not (Loshchilov and
    Hutter, 2019).

    Parameters
    ----------
    strength : float
        At least 0.
    """

    strength: float

    def value(self, weights: np.ndarray) -> float:
        """Return P(w)."""
        return 0.5 * self.strength * float(weights @ weights)

    def add_gradient(self, weights: np.ndarray, gradients: np.ndarray) -> None:
        """Add dP/dw to `gradients`, in place."""
        gradients += weights.dtype.type(self.strength) * weights
