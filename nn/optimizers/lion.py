"""Lion: the sign of an interpolated momentum."""

from __future__ import annotations

import numpy as np

from nn.optimizers.optimizer import Chunk, Optimizer
from nn.optimizers.ranges import not_negative, unit_interval


class Lion(Optimizer):
    """Lion: ``w <- w - lr sign(beta1 m + (1 - beta1) g)``, then ``m <- beta2 m + (1 - beta2) g``.

    Parameters
    ----------
    beta1, beta2 : float
        Interpolation and decay of the momentum, in [0, 1).
    weight_decay : float
        Decoupled, on the first `n_weights` parameters.

    References
    ----------
    Chen et al. (2023), Symbolic discovery of optimization algorithms, algorithm 2.
    """

    default_learning_rate = 0.0001
    n_states = 1

    def __init__(
        self,
        n_parameters: int,
        *,
        n_weights: int | None = None,
        dtype: np.typing.DTypeLike = np.float32,
        beta1: float = 0.9,
        beta2: float = 0.99,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(n_parameters, n_weights=n_weights, dtype=dtype)
        self.beta1 = unit_interval("Lion.beta1", beta1)
        self.beta2 = unit_interval("Lion.beta2", beta2)
        self.weight_decay = not_negative("Lion.weight_decay", weight_decay)

    def _update(self, learning_rate: float, chunk: Chunk) -> None:
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
