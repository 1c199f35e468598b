"""Batch normalization."""

from __future__ import annotations

import numpy as np

from nn.interval import require
from nn.layers.layer import Layer
from nn.layers.parameter import Parameter
from nn.layers.surroundings import Surroundings


class BatchNorm(Layer):
    """Batch normalization: ``y = gamma x^ + beta``, ``x^ = (x - mean) / sqrt(var + eps)``.

    While training, mean and (biased) variance are the batch's, per feature; at rest they are
    running averages. gamma starts at 1, beta at 0; neither is a weight.

    Parameters
    ----------
    momentum : float
        Share of the newest batch in the running statistics, in (0, 1]. The variance enters
        unbiased (n - 1), as in PyTorch.
    epsilon : float

    Notes
    -----
    ``dL/dx = gamma / sqrt(var + eps) (g - mean(g) - x^ mean(g x^))`` while training.

    References
    ----------
    Ioffe and Szegedy (2015), Batch normalization, algorithms 1 and 2.
    """

    def __init__(self, momentum: float = 0.1, epsilon: float = 1e-5) -> None:
        self.momentum = require("BatchNorm.momentum", momentum, "(0, 1]")
        self.epsilon = require("BatchNorm.epsilon", epsilon, "[0, inf)")

    def connect(self, n_inputs: int, surroundings: Surroundings) -> int:
        self.gamma = Parameter("gamma", (n_inputs,))
        self.beta = Parameter("beta", (n_inputs,))
        self.running_mean = np.zeros(n_inputs, surroundings.dtype)
        self.running_variance = np.ones(n_inputs, surroundings.dtype)
        self._buffers = tuple(surroundings.buffer(n_inputs) for _ in range(3))
        return n_inputs

    def resize(self, n_rows: int) -> None:
        self._normalized, self._output, self._scratch = (b[:n_rows] for b in self._buffers)
        self._used_batch = False

    def parameters(self) -> list[Parameter]:
        return [self.gamma, self.beta]

    def statistics(self) -> dict[str, np.ndarray]:
        return {"running_mean": self.running_mean, "running_variance": self.running_variance}

    def initialize(self, rng: np.random.Generator) -> None:
        self.gamma.value[...] = 1
        self.beta.value[...] = 0

    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        self._used_batch = training
        if training:
            mean, variance = x.mean(axis=0), x.var(axis=0)
            self._track(mean, variance, len(x))
        else:
            mean, variance = self.running_mean, self.running_variance
        self._inverse = 1 / np.sqrt(variance + self.epsilon)
        np.subtract(x, mean, out=self._normalized)
        np.multiply(self._normalized, self._inverse, out=self._normalized)
        np.multiply(self._normalized, self.gamma.value, out=self._output)
        return np.add(self._output, self.beta.value, out=self._output)

    def backward(self, gradient: np.ndarray, *, wants_input_gradient: bool) -> np.ndarray | None:
        np.multiply(gradient, self._normalized, out=self._scratch)
        np.add.reduce(self._scratch, axis=0, out=self.gamma.gradient)
        np.add.reduce(gradient, axis=0, out=self.beta.gradient)
        if not wants_input_gradient:
            return None
        if self._used_batch:
            n = len(gradient)
            np.multiply(self._normalized, self.gamma.gradient / n, out=self._scratch)
            np.subtract(gradient, self._scratch, out=gradient)
            np.subtract(gradient, self.beta.gradient / n, out=gradient)
        return np.multiply(gradient, self._inverse * self.gamma.value, out=gradient)

    def _track(self, mean: np.ndarray, variance: np.ndarray, n: int) -> None:
        """Move the running statistics towards this batch's."""
        unbiased = variance * (n / max(n - 1, 1))
        self.running_mean += self.momentum * (mean - self.running_mean)
        self.running_variance += self.momentum * (unbiased - self.running_variance)
