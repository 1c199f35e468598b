"""Gradient descent with heavy-ball momentum."""

from __future__ import annotations

import numpy as np

from nn.optimizers.optimizer import Optimizer


class Momentum(Optimizer):
    """v <- momentum v + g; p <- p - lr v.

    Parameters
    ----------
    momentum : float
        In [0, 1); 0 is plain SGD.

    References
    ----------
    Polyak (1964); the form without dampening of Sutskever et al. (2013), section 2.
    """

    default_learning_rate = 0.03

    def __init__(
        self, n_parameters: int, *, dtype: np.dtype | type = np.float32, momentum: float = 0.9
    ) -> None:
        super().__init__(n_parameters, dtype=dtype)
        self._momentum = self._dtype.type(momentum)
        self._velocity = self._zeros()

    def step(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Update velocity and parameters."""
        rate = parameters.dtype.type(learning_rate)
        for part in self._chunks():
            scratch, velocity = self._scratch[: part.stop - part.start], self._velocity[part]
            velocity *= self._momentum
            velocity += gradients[part]
            np.multiply(velocity, rate, out=scratch)
            parameters[part] -= scratch
