"""RMSProp."""

from __future__ import annotations

import numpy as np

from nn.optimizers.optimizer import Optimizer


class RMSProp(Optimizer):
    """s <- rho s + (1 - rho) g**2; p <- p - lr g / (sqrt(s) + epsilon).

    Parameters
    ----------
    rho : float
        Decay of the squared-gradient average, in [0, 1).
    epsilon : float
        Added outside the root.

    References
    ----------
    Tieleman and Hinton (2012), Lecture 6.5, Neural Networks for Machine Learning.
    """

    default_learning_rate = 0.001

    def __init__(
        self,
        n_parameters: int,
        *,
        dtype: np.dtype | type = np.float32,
        rho: float = 0.9,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(n_parameters, dtype=dtype)
        self._rho, self._rest = self._dtype.type(rho), self._dtype.type(1 - rho)
        self._epsilon = self._dtype.type(epsilon)
        self._square = self._zeros()

    def step(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Update the average and the parameters; overwrites the gradients."""
        rate = parameters.dtype.type(learning_rate)
        for part in self._chunks():
            scratch, square = self._scratch[: part.stop - part.start], self._square[part]
            gradient = gradients[part]
            np.multiply(gradient, gradient, out=scratch)
            scratch *= self._rest
            square *= self._rho
            square += scratch
            np.sqrt(square, out=scratch)
            scratch += self._epsilon
            gradient *= rate
            np.divide(gradient, scratch, out=scratch)
            parameters[part] -= scratch
