"""Signum: the sign of a moving average of the gradient."""

from __future__ import annotations

import numpy as np

from nn.optimizers.optimizer import Chunk, Optimizer


class Signum(Optimizer):
    """Signum: ``m <- beta m + (1 - beta) g``, then ``w <- w - lr sign(m)``.

    Parameters
    ----------
    beta : float
        Decay of the moving average, in [0, 1).

    References
    ----------
    Bernstein et al. (2018), signSGD: compressed optimisation for non-convex problems.
    """

    default_learning_rate = 0.001
    n_states = 1

    def __init__(self, *, beta: float = 0.9) -> None:
        self.beta = beta

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        (average,) = chunk.states
        average += (1 - self.beta) * (chunk.gradient - average)
        chunk.parameter -= learning_rate * np.sign(average)
