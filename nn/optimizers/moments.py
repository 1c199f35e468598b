"""What Adam and its kin share: running means of gradient and square."""

from __future__ import annotations

import math

import numpy as np

from nn.interval import require
from nn.optimizers.optimizer import Chunk, Optimizer


class Moments(Optimizer):
    """Keep ``m <- beta1 m + (1 - beta1) g`` and ``v <- beta2 v + (1 - beta2) g^2``.

    The bias corrections are ``m^ = m / (1 - beta1^t)``, ``v^ = v / (1 - beta2^t)``.

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
    same function in two passes over memory fewer. Two fifths of its time is the root, which NumPy
    does not vectorise beyond four float32.
    """

    default_learning_rate = 0.001
    n_states = 2

    def __init__(self, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> None:
        name = type(self).__name__
        self.beta1 = require(f"{name}.beta1", beta1, "[0, 1)")
        self.beta2 = require(f"{name}.beta2", beta2, "[0, 1)")
        self.epsilon = require(f"{name}.epsilon", epsilon, "[0, inf)")

    def _accumulate(self, chunk: Chunk) -> None:
        """Take the gradient into M and V."""
        m, v = chunk.states[:2]
        np.multiply(m, self.beta1, out=m)
        np.add(m, chunk.gradient, out=m)
        np.multiply(chunk.gradient, chunk.gradient, out=chunk.scratch)
        np.multiply(v, self.beta2, out=v)
        np.add(v, chunk.scratch, out=v)

    def _root(self, v: np.ndarray, scratch: np.ndarray, step: int) -> float:
        """Write ``(sqrt(v^) + eps) / scale`` into `scratch`, return scale."""
        scale = math.sqrt((1 - self.beta2) / (1 - self.beta2**step))
        np.sqrt(v, out=scratch)
        np.add(scratch, self.epsilon / scale, out=scratch)
        return scale

    def _descend(self, chunk: Chunk, learning_rate: float, step: int, v: np.ndarray) -> None:
        """Do ``w <- w - lr m^ / (sqrt(v^) + eps)``."""
        scratch = chunk.scratch
        scale = self._root(v, scratch, step)
        rate = learning_rate * (1 - self.beta1) / (1 - self.beta1**step) / scale
        np.divide(chunk.states[0], scratch, out=scratch)
        np.multiply(scratch, rate, out=scratch)
        np.subtract(chunk.parameter, scratch, out=chunk.parameter)
