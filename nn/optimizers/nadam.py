"""NAdam: Adam with Nesterov's momentum."""

from __future__ import annotations

import math

import numpy as np

from nn.optimizers.optimizer import Optimizer
from nn.optimizers.ranges import not_negative, unit_interval


class NAdam(Optimizer):
    """NAdam: Adam whose step looks ahead, ``w <- w - lr n / (sqrt(v^) + eps)``.

    With ``n = beta1 m / (1 - beta1^(t+1)) + (1 - beta1) g / (1 - beta1^t)``, m and v^ as in Adam.

    Parameters
    ----------
    beta1, beta2 : float
        Decay rates of the two running means, in [0, 1).
    epsilon : float
        Added outside the root.

    Notes
    -----
    The state holds the running sums ``M = m / (1 - beta1)`` and ``V = v / (1 - beta2)``; the
    constants, bias corrections included, are folded into the rate and epsilon. The update is the
    same function in two passes over memory fewer.

    References
    ----------
    Dozat (2016), Incorporating Nesterov momentum into Adam, algorithm 2, with a constant beta1.
    """

    default_learning_rate = 0.001
    n_states = 2

    def __init__(
        self,
        n_parameters: int,
        *,
        n_weights: int | None = None,
        dtype: np.typing.DTypeLike = np.float32,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(n_parameters, n_weights=n_weights, dtype=dtype)
        self.beta1 = unit_interval("NAdam.beta1", beta1)
        self.beta2 = unit_interval("NAdam.beta2", beta2)
        self.epsilon = not_negative("NAdam.epsilon", epsilon)

    def _update(
        self,
        learning_rate: float,
        parameter: np.ndarray,
        gradient: np.ndarray,
        scratch: np.ndarray,
        *states: np.ndarray,
    ) -> None:
        m, v = states
        np.multiply(m, self.beta1, out=m)
        np.add(m, gradient, out=m)
        np.multiply(gradient, gradient, out=scratch)
        np.multiply(v, self.beta2, out=v)
        np.add(v, scratch, out=v)

        t = self.n_steps
        scale = math.sqrt((1 - self.beta2) / (1 - self.beta2**t))
        rate = learning_rate * (1 - self.beta1) / scale
        np.sqrt(v, out=scratch)
        np.add(scratch, self.epsilon / scale, out=scratch)
        # The gradient is used up here: it becomes the looked-ahead mean.
        np.multiply(gradient, rate / (1 - self.beta1**t), out=gradient)
        np.divide(gradient, scratch, out=gradient)
        np.subtract(parameter, gradient, out=parameter)
        np.divide(m, scratch, out=scratch)
        np.multiply(scratch, rate * self.beta1 / (1 - self.beta1 ** (t + 1)), out=scratch)
        np.subtract(parameter, scratch, out=parameter)
