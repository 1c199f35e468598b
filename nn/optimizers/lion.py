"""Lion: the sign of an interpolated momentum."""

from __future__ import annotations

import numpy as np

from nn.interval import require
from nn.optimizers.optimizer import Chunk, Optimizer


class Lion(Optimizer):
    """Lion: ``w <- w - lr sign(beta1 m + (1 - beta1) g)``, then ``m <- beta2 m + (1 - beta2) g``.

    Parameters
    ----------
    beta1, beta2 : float
        Interpolation and decay of the momentum, in [0, 1).
    weight_decay : float
        Decoupled, on the weights alone.

    References
    ----------
    Chen et al. (2023), Symbolic discovery of optimization algorithms, algorithm 2.
    """

    default_learning_rate = 0.0001
    n_states = 1

    def __init__(
        self, *, beta1: float = 0.9, beta2: float = 0.99, weight_decay: float = 0.0
    ) -> None:
        self.beta1 = require("Lion.beta1", beta1, "[0, 1)")
        self.beta2 = require("Lion.beta2", beta2, "[0, 1)")
        self.weight_decay = require("Lion.weight_decay", weight_decay, "[0, inf)")

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        parameter, gradient, scratch, (momentum,) = chunk
        # beta1 m + (1 - beta1) g has the sign of (m - g) beta1 + g; the difference serves twice.
        np.subtract(momentum, gradient, out=momentum)
        np.multiply(momentum, self.beta1, out=scratch)
        np.add(scratch, gradient, out=scratch)
        np.sign(scratch, out=scratch)
        np.multiply(scratch, learning_rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
        np.multiply(momentum, self.beta2, out=momentum)
        np.add(momentum, gradient, out=momentum)
