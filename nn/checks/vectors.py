"""Flat vectors to try an optimizer on, without a network."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from nn.optimizers import BoundOptimizer, Optimizer


class Vectors:
    """Parameters and gradients (n,), the first `n_weights` of them weights; all by default."""

    def __init__(self, parameters: np.ndarray, n_weights: int | None = None) -> None:
        self.parameters = parameters
        self.gradients = np.zeros_like(parameters)
        self.weights = parameters[:n_weights]
        self.rate_stretches = [(len(parameters), 1.0)]

    def train(
        self, rule: Optimizer, gradients: Iterable[np.ndarray], *, rate: float = 0.01
    ) -> BoundOptimizer:
        """Take one step per row of `gradients`; return the optimizer as it is afterwards."""
        bound = BoundOptimizer(rule, self)
        for gradient in gradients:
            self.gradients[...] = gradient
            bound.step(rate)
        return bound
