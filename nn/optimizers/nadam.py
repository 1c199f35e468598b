"""NAdam: Adam with Nesterov's momentum."""

from __future__ import annotations

import numpy as np

from nn.optimizers.moments import Moments
from nn.optimizers.optimizer import Chunk


class NAdam(Moments):
    """NAdam: Adam whose step looks ahead, ``w <- w - lr n / (sqrt(v^) + eps)``.

    With ``n = beta1 m / (1 - beta1^(t+1)) + (1 - beta1) g / (1 - beta1^t)``, m and v^ as in
    ``Moments``.

    References
    ----------
    Dozat (2016), Incorporating Nesterov momentum into Adam, algorithm 2, with a constant beta1.
    """

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        parameter, gradient, scratch, (m, v) = chunk
        self._accumulate(chunk)
        rate = learning_rate * (1 - self.beta1) / self._root(v, scratch, step)
        # The gradient is used up here: it becomes the looked-ahead mean.
        np.multiply(gradient, rate / (1 - self.beta1**step), out=gradient)
        np.divide(gradient, scratch, out=gradient)
        np.subtract(parameter, gradient, out=parameter)
        np.divide(m, scratch, out=scratch)
        np.multiply(scratch, rate * self.beta1 / (1 - self.beta1 ** (step + 1)), out=scratch)
        np.subtract(parameter, scratch, out=parameter)
