"""Adam."""

from __future__ import annotations

import math

import numpy as np

from nn.optimizers.optimizer import Optimizer


class Adam(Optimizer):
    """Adaptive moments with bias correction.

    m <- beta1 m + (1 - beta1) g; s <- beta2 s + (1 - beta2) g**2;
    p <- p - lr / (1 - beta1**t) * m / (sqrt(s / (1 - beta2**t)) + epsilon).

    Parameters
    ----------
    beta1, beta2 : float
        Decays of the two averages, in [0, 1).
    epsilon : float
        Added after bias correction.

    References
    ----------
    Kingma and Ba (2015), Adam: a method for stochastic optimization, algorithm 1.
    """

    default_learning_rate = 0.001

    def __init__(
        self,
        n_parameters: int,
        *,
        dtype: np.dtype | type = np.float32,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(n_parameters, dtype=dtype)
        self._beta1, self._beta2, self._epsilon = beta1, beta2, epsilon
        self._mean, self._square = self._zeros(), self._zeros()
        self._t = 0

    def step(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Update both moments and the parameters; overwrites the gradients."""
        self._t += 1
        as_dtype = parameters.dtype.type
        correction = math.sqrt(1 - self._beta2**self._t)
        # The same update with the corrections drawn out of the vectors: fewer passes.
        rate = as_dtype(learning_rate * correction / (1 - self._beta1**self._t))
        epsilon = as_dtype(self._epsilon * correction)
        beta1, rest1 = as_dtype(self._beta1), as_dtype(1 - self._beta1)
        beta2, rest2 = as_dtype(self._beta2), as_dtype(1 - self._beta2)
        for part in self._chunks():
            scratch, gradient = self._scratch[: part.stop - part.start], gradients[part]
            mean, square = self._mean[part], self._square[part]
            np.multiply(gradient, gradient, out=scratch)
            scratch *= rest2
            square *= beta2
            square += scratch
            gradient *= rest1
            mean *= beta1
            mean += gradient
            np.sqrt(square, out=scratch)
            scratch += epsilon
            np.divide(mean, scratch, out=scratch)
            scratch *= rate
            parameters[part] -= scratch
