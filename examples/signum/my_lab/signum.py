"""Signum (Bernstein et al., 2018): the sign of a moving average of the gradient."""

import numpy as np

from nn import Optimizer


class Signum(Optimizer):
    """``m <- beta m + (1 - beta) g``, then ``w <- w - lr sign(m)``."""

    default_learning_rate = 0.001
    n_states = 1

    def __init__(self, *, beta: float = 0.9) -> None:
        if not 0 <= beta < 1:
            raise ValueError(f"Signum.beta must lie in [0, 1); got {beta}.")
        self.beta = beta

    def update(self, chunk, learning_rate, step):
        (average,) = chunk.states
        average += (1 - self.beta) * (chunk.gradient - average)
        chunk.parameter -= learning_rate * np.sign(average)
