"""Gradient descent with Nesterov's momentum."""

from __future__ import annotations

import numpy as np

from nn.interval import require
from nn.optimizers.optimizer import Chunk, Optimizer


class Nesterov(Optimizer):
    """Nesterov's momentum: ``v <- mu v + g``, ``w <- w - lr (g + mu v)``.

    Parameters
    ----------
    momentum : float
        mu, in [0, 1); at 0 this is SGD, bit by bit.

    References
    ----------
    Sutskever et al. (2013), On the importance of initialization and momentum, equations 3-4,
    in the form with the gradient at the looked-ahead point (as in PyTorch).
    """

    default_learning_rate = 0.02
    n_states = 1

    def __init__(self, *, momentum: float = 0.9) -> None:
        self.momentum = require("Nesterov.momentum", momentum, "[0, 1)")

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        parameter, gradient, scratch, (velocity,) = chunk
        np.multiply(velocity, self.momentum, out=velocity)
        np.add(velocity, gradient, out=velocity)
        np.multiply(velocity, self.momentum, out=scratch)
        np.add(scratch, gradient, out=scratch)
        np.multiply(scratch, learning_rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
