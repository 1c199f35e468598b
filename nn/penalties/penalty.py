"""What every penalty is: a function of the weights added to the loss."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np


class Penalty(ABC):
    """A function of the weight prefix; it never sees biases or BatchNorm parameters.

    A penalty enters the gradient, so that an adaptive optimizer rescales it with the rest;
    decoupled weight decay (AdamW, Lion) does not, and is an option of those optimizers.
    """

    @abstractmethod
    def value(self, weights: np.ndarray) -> float:
        """Return the term that is added to the loss."""

    @abstractmethod
    def _accumulate(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        """Add the gradient, by way of `scratch`."""

    @abstractmethod
    def _is_null(self) -> bool:
        """Whether all strengths are 0."""

    def add_gradient(
        self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray | None = None
    ) -> None:
        """Add the penalty's gradient to `gradients` in place; at strength 0 touch nothing.

        `scratch`, as long as the weights, is overwritten; without it memory is allocated.
        """
        if not self._is_null():
            self._accumulate(
                weights, gradients, np.empty_like(weights) if scratch is None else scratch
            )


def require_strength(name: str, strength: float) -> float:
    """Return `strength` if it is finite and not negative.

    Raises
    ------
    ValueError
        Otherwise.
    """
    if not (np.isfinite(strength) and strength >= 0):
        raise ValueError(f"{name} — must be finite and at least 0 — got {strength}. Use 0 for off.")
    return float(strength)
