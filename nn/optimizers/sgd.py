"""Plain stochastic gradient descent."""

from __future__ import annotations

import numpy as np

from nn.optimizers.optimizer import Optimizer


class SGD(Optimizer):
    """p <- p - lr g.

    References
    ----------
    Robbins and Monro (1951), A stochastic approximation method.
    """

    default_learning_rate = 0.1

    def step(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Update the parameters; overwrites the gradients."""
        rate = parameters.dtype.type(learning_rate)
        for part in self._chunks():
            scratch = self._scratch[: part.stop - part.start]
            np.multiply(gradients[part], rate, out=scratch)
            parameters[part] -= scratch
