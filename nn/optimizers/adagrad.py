"""AdaGrad: rates shrink with the gradients seen."""

from __future__ import annotations

import numpy as np

from nn.interval import require
from nn.optimizers.optimizer import Chunk, Optimizer


class AdaGrad(Optimizer):
    """AdaGrad: ``s <- s + g^2``, ``w <- w - lr g / (sqrt(s) + eps)``.

    Parameters
    ----------
    epsilon : float

    References
    ----------
    Duchi, Hazan and Singer (2011), Adaptive subgradient methods, diagonal form.
    """

    default_learning_rate = 0.01
    n_states = 1

    def __init__(self, *, epsilon: float = 1e-10) -> None:
        self.epsilon = require("AdaGrad.epsilon", epsilon, "[0, inf)")

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        parameter, gradient, scratch, (squares,) = chunk
        np.multiply(gradient, gradient, out=scratch)
        np.add(squares, scratch, out=squares)
        np.sqrt(squares, out=scratch)
        np.add(scratch, self.epsilon, out=scratch)
        np.divide(gradient, scratch, out=scratch)
        np.multiply(scratch, learning_rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
