"""Dropout: switch units off at random while training."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.aligned import aligned_zeros
from nn.interval import require
from nn.layers.layer import Layer
from nn.layers.surroundings import Surroundings

_STEPS = 1 << 16


class Dropout(Layer):
    """Inverted dropout: ``y = x m / (1 - p)`` with ``m ~ Bernoulli(1 - p)``; ``y = x`` at rest.

    Parameters
    ----------
    rate : float
        The probability p of dropping a unit, in [0, 1). At 0 nothing is drawn and the input is
        passed on untouched.

    Notes
    -----
    Masks come from 16-bit words of the raw generator, five times faster than uniform floats.
    The drop probability is therefore p rounded to a multiple of 2^-16 and the scale
    ``1 / (1 - p)`` takes the rounded p, so that the expectation is x exactly.

    References
    ----------
    Srivastava et al. (2014), Dropout, JMLR 15, section 4 (scaled while training, not at test).
    """

    passes_input = True
    off: ClassVar = {"rate": 0.0}

    def __init__(self, rate: float = 0.5) -> None:
        self.rate = require("Dropout.rate", rate, "[0, 1)", "Use 0 for none.")
        self._threshold = min(round(rate * _STEPS), _STEPS - 1)
        self._scale = _STEPS / (_STEPS - self._threshold)

    def connect(self, n_inputs: int, surroundings: Surroundings) -> int:
        if self._threshold and surroundings.dropout_rng is None:
            raise ValueError(
                "Network.dropout_rng — must be a generator when a Dropout rate is above 0 — "
                "got None. Pass np.random.default_rng(seed)."
            )
        self._rng = surroundings.dropout_rng
        self._width = n_inputs
        width = n_inputs if self._threshold else 0
        self._outputs = surroundings.buffer(width)
        self._masks = aligned_zeros((surroundings.capacity, width), bool)
        self._factors = surroundings.buffer(width)
        return n_inputs

    def resize(self, n_rows: int) -> None:
        self._output = self._outputs[:n_rows]
        self._mask = self._masks[:n_rows]
        self._factor = self._factors[:n_rows]
        self._n_words = -(-n_rows * self._width // 4)
        self._dropped = False

    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        self._dropped = training and self._threshold > 0
        if not self._dropped:
            return x
        assert self._rng is not None
        words = self._rng.bit_generator.random_raw(self._n_words).view(np.uint16)
        shape = self._mask.shape
        np.greater_equal(words[: x.size].reshape(shape), self._threshold, out=self._mask)
        np.copyto(self._factor, self._mask)
        np.multiply(self._factor, self._scale, out=self._factor)
        return np.multiply(x, self._factor, out=self._output)

    def backward(self, gradient: np.ndarray, *, wants_input_gradient: bool) -> np.ndarray | None:
        if self._dropped:
            np.multiply(gradient, self._factor, out=gradient)
        return gradient
