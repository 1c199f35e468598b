"""Inverted dropout."""

from __future__ import annotations

import numpy as np

from nn.layers.layer import Build, Layer

_STEPS = 2**16


class Dropout(Layer):
    """Drop each input with probability p and scale the rest by 1 / (1 - p), in training only.

    y = x * m / (1 - p) with m ~ Bernoulli(1 - p), so that E[y] = x. Masks come from 16 random
    bits a unit: p is rounded to a multiple of 2**-16, and the scale uses the rounded p, so the
    expectation holds exactly.

    Parameters
    ----------
    probability : float
        p, in [0, 1).

    References
    ----------
    Srivastava et al. (2014), Dropout: a simple way to prevent neural networks from overfitting.
    """

    def __init__(self, probability: float) -> None:
        if not 0 <= probability < 1:
            raise ValueError(f"dropout probability must lie in [0, 1); got {probability}.")
        self._threshold = round(probability * _STEPS)
        self._scale = _STEPS / (_STEPS - self._threshold)

    def build(self, context: Build) -> int:
        """Allocate the output and the mask."""
        if self._threshold and context.rng is None:
            raise ValueError("dropout needs a random stream; got None. Pass dropout_rng.")
        self._rng = context.rng
        self._output = np.empty((context.batch_size, context.n_inputs), context.dtype)
        self._keep = np.empty((context.batch_size, context.n_inputs), bool)
        return context.n_inputs

    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        """Return the thinned input in training, the input itself in evaluation."""
        self._active = training and self._threshold > 0
        if not self._active:
            return x
        assert self._rng is not None
        output, keep = self._output[: len(x)], self._keep[: len(x)]
        bits = np.frombuffer(self._rng.bytes(2 * x.size), np.uint16).reshape(x.shape)
        np.greater_equal(bits, self._threshold, out=keep)
        np.multiply(x, keep, out=output)
        output *= output.dtype.type(self._scale)
        return output

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """Thin the gradient, in place, by the mask of the forward pass."""
        if self._active:
            gradient *= self._keep[: len(gradient)]
            gradient *= gradient.dtype.type(self._scale)
        return gradient
