"""RMSProp: rates divided by a running root mean square."""

from __future__ import annotations

import math

import numpy as np

from nn.interval import require
from nn.optimizers.optimizer import Chunk, Optimizer


class RMSProp(Optimizer):
    """RMSProp: ``s <- rho s + (1 - rho) g^2``, ``w <- w - lr g / (sqrt(s) + eps)``.

    Parameters
    ----------
    decay : float
        rho, in [0, 1).
    epsilon : float

    Notes
    -----
    The state holds the running sum ``S = s / (1 - rho)``; the constant is folded into the rate and
    epsilon.

    References
    ----------
    Tieleman and Hinton (2012), Neural networks for machine learning, lecture 6e; epsilon outside
    the root as in PyTorch.
    """

    default_learning_rate = 0.001
    n_states = 1

    def __init__(self, *, decay: float = 0.9, epsilon: float = 1e-8) -> None:
        self.decay = require("RMSProp.decay", decay, "[0, 1)")
        self.epsilon = require("RMSProp.epsilon", epsilon, "[0, inf)")

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        parameter, gradient, scratch, (squares,) = chunk
        root = math.sqrt(1 - self.decay)
        np.multiply(gradient, gradient, out=scratch)
        np.multiply(squares, self.decay, out=squares)
        np.add(squares, scratch, out=squares)
        np.sqrt(squares, out=scratch)
        np.add(scratch, self.epsilon / root, out=scratch)
        np.divide(gradient, scratch, out=scratch)
        np.multiply(scratch, learning_rate / root, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
