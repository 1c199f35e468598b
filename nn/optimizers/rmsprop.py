"""RMSProp: rates divided by a running root mean square."""

from __future__ import annotations

import numpy as np

from nn.optimizers.optimizer import Chunk, Optimizer
from nn.optimizers.ranges import not_negative, unit_interval


class RMSProp(Optimizer):
    """RMSProp: ``s <- rho s + (1 - rho) g^2``, ``w <- w - lr g / (sqrt(s) + eps)``.

    Parameters
    ----------
    decay : float
        rho, in [0, 1).
    epsilon : float

    References
    ----------
    Tieleman and Hinton (2012), Neural networks for machine learning, lecture 6e; epsilon outside
    the root as in PyTorch.
    """

    default_learning_rate = 0.001
    n_states = 1

    def __init__(
        self,
        n_parameters: int,
        *,
        n_weights: int | None = None,
        dtype: np.typing.DTypeLike = np.float32,
        decay: float = 0.9,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(n_parameters, n_weights=n_weights, dtype=dtype)
        self.decay = unit_interval("RMSProp.decay", decay)
        self.epsilon = not_negative("RMSProp.epsilon", epsilon)

    def _update(self, learning_rate: float, chunk: Chunk) -> None:
        parameter, gradient, scratch, (squares,) = chunk
        np.multiply(gradient, gradient, out=scratch)
        np.multiply(scratch, 1 - self.decay, out=scratch)
        np.multiply(squares, self.decay, out=squares)
        np.add(squares, scratch, out=squares)
        np.sqrt(squares, out=scratch)
        np.add(scratch, self.epsilon, out=scratch)
        np.divide(gradient, scratch, out=scratch)
        np.multiply(scratch, learning_rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
