"""Signum (Bernstein et al., 2018): the sign of a moving average of the gradient."""

import numpy as np

from nn import Optimizer, require


class Signum(Optimizer):
    """``m <- beta m + (1 - beta) g``, then ``w <- w - lr sign(m)``."""

    default_learning_rate = 0.001
    n_states = 1

    def __init__(self, *, beta: float = 0.9) -> None:
        self.beta = require("Signum.beta", beta, "[0, 1)")

    def update(self, chunk, learning_rate, step):
        (average,) = chunk.states
        average += (1 - self.beta) * (chunk.gradient - average)
        chunk.parameter -= learning_rate * np.sign(average)
