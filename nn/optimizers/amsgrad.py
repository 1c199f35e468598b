"""AMSGrad: Adam whose rates never grow again."""

from __future__ import annotations

import math

import numpy as np

from nn.optimizers.optimizer import Optimizer
from nn.optimizers.ranges import not_negative, unit_interval


class AMSGrad(Optimizer):
    """AMSGrad: Adam with the largest v so far in the place of v.

    The maximum is taken before the bias correction, which stays outside as in PyTorch.

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
    Reddi, Kale and Kumar (2018), On the convergence of Adam and beyond, algorithm 2.
    """

    default_learning_rate = 0.001
    n_states = 3

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
        self.beta1 = unit_interval("AMSGrad.beta1", beta1)
        self.beta2 = unit_interval("AMSGrad.beta2", beta2)
        self.epsilon = not_negative("AMSGrad.epsilon", epsilon)

    def _update(
        self,
        learning_rate: float,
        parameter: np.ndarray,
        gradient: np.ndarray,
        scratch: np.ndarray,
        *states: np.ndarray,
    ) -> None:
        m, v, largest = states
        np.multiply(m, self.beta1, out=m)
        np.add(m, gradient, out=m)
        np.multiply(gradient, gradient, out=scratch)
        np.multiply(v, self.beta2, out=v)
        np.add(v, scratch, out=v)
        np.maximum(largest, v, out=largest)

        scale = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.n_steps))
        rate = learning_rate * (1 - self.beta1) / (1 - self.beta1**self.n_steps) / scale
        np.sqrt(largest, out=scratch)
        np.add(scratch, self.epsilon / scale, out=scratch)
        np.divide(m, scratch, out=scratch)
        np.multiply(scratch, rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
