"""AdamW: Adam with decoupled weight decay."""

from __future__ import annotations

import math

import numpy as np

from nn.optimizers.optimizer import Optimizer
from nn.optimizers.ranges import not_negative, unit_interval


class AdamW(Optimizer):
    """AdamW: ``w <- (1 - lr weight_decay) w - lr m^ / (sqrt(v^) + eps)``, decay on weights only.

    With ``m <- beta1 m + (1 - beta1) g``, ``v <- beta2 v + (1 - beta2) g^2`` and the bias
    corrections ``m^ = m / (1 - beta1^t)``, ``v^ = v / (1 - beta2^t)``.

    Parameters
    ----------
    beta1, beta2 : float
        Decay rates of the two running means, in [0, 1).
    epsilon : float
        Added outside the root.
    weight_decay : float
        Acts on the first `n_weights` parameters; at 0 this is Adam, bit by bit.

    Notes
    -----
    The state holds the running sums ``M = m / (1 - beta1)`` and ``V = v / (1 - beta2)``; the
    constants, bias corrections included, are folded into the rate and epsilon. The update is the
    same function in two passes over memory fewer.

    References
    ----------
    Loshchilov and Hutter (2019), Decoupled weight decay regularization, algorithm 2.
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
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(n_parameters, n_weights=n_weights, dtype=dtype)
        self.beta1 = unit_interval("AdamW.beta1", beta1)
        self.beta2 = unit_interval("AdamW.beta2", beta2)
        self.epsilon = not_negative("AdamW.epsilon", epsilon)
        self.weight_decay = not_negative("AdamW.weight_decay", weight_decay)

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

        scale = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.n_steps))
        rate = learning_rate * (1 - self.beta1) / (1 - self.beta1**self.n_steps) / scale
        np.sqrt(v, out=scratch)
        np.add(scratch, self.epsilon / scale, out=scratch)
        np.divide(m, scratch, out=scratch)
        np.multiply(scratch, rate, out=scratch)
        np.subtract(parameter, scratch, out=parameter)
