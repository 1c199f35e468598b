"""Gradient descent with momentum (heavy ball)."""

from __future__ import annotations

import numpy as np

from nn.interval import require
from nn.optimizers.optimizer import Chunk, Optimizer


class Momentum(Optimizer):
    """Heavy-ball momentum: ``v <- mu v + g``, ``w <- w - lr v``.

    Parameters
    ----------
    momentum : float
        mu, in [0, 1); at 0 this is SGD, bit by bit.

    Notes
    -----
    The rate stands outside v (as in PyTorch), so that a schedule acts at once.

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods.
    """

    default_learning_rate = 0.02
    n_states = 1

    def __init__(self, *, momentum: float = 0.9) -> None:
        self.momentum = require("Momentum.momentum", momentum, "[0, 1)")

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        parameter, gradient, scratch, (velocity,) = chunk
        np.multiply(velocity, self.momentum, out=velocity)
        np.add(velocity, gradient, out=velocity)
        np.multiply(velocity, learning_rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
