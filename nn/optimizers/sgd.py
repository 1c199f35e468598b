"""Stochastic gradient descent."""

from __future__ import annotations

import numpy as np

from nn.optimizers.optimizer import Chunk, Optimizer


class SGD(Optimizer):
    """Stochastic gradient descent: ``w <- w - lr g``.

    References
    ----------
    Robbins and Monro (1951), A stochastic approximation method.
    """

    default_learning_rate = 0.1
    n_states = 0

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        parameter, gradient, scratch, _ = chunk
        np.multiply(gradient, learning_rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
