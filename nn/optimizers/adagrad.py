"""AdaGrad: rates shrink with the gradients seen."""

from __future__ import annotations

import numpy as np

from nn.optimizers.optimizer import Chunk, Optimizer
from nn.optimizers.ranges import not_negative


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

    def __init__(
        self,
        n_parameters: int,
        *,
        n_weights: int | None = None,
        dtype: np.typing.DTypeLike = np.float32,
        epsilon: float = 1e-10,
    ) -> None:
        super().__init__(n_parameters, n_weights=n_weights, dtype=dtype)
        self.epsilon = not_negative("AdaGrad.epsilon", epsilon)

    def _update(self, learning_rate: float, chunk: Chunk) -> None:
        parameter, gradient, scratch, (squares,) = chunk
        np.multiply(gradient, gradient, out=scratch)
        np.add(squares, scratch, out=squares)
        np.sqrt(squares, out=scratch)
        np.add(scratch, self.epsilon, out=scratch)
        np.divide(gradient, scratch, out=scratch)
        np.multiply(scratch, learning_rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
