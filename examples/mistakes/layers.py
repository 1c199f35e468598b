"""Layers whose way back is wrong; their way forward is right."""

from __future__ import annotations

import numpy as np

from nn import Activation, Layer


class TanhSigmoidSlope(Activation):
    """Tanh with `y (1 - y)`, the slope of a sigmoid, in the place of `1 - y^2`.

    For y < 0 it is negative, so that half of the hidden units climb the loss.
    """

    from_output = True

    def apply(self, x: np.ndarray, out: np.ndarray, scratch: np.ndarray) -> None:
        np.tanh(x, out=out)

    def pull_back(
        self, gradient: np.ndarray, x: np.ndarray, y: np.ndarray, scratch: np.ndarray
    ) -> None:
        gradient *= y * (1 - y)


class SumOverUnits(Layer):
    """The identity; backward, every unit gets the sum of all units' gradients.

    `np.sum(error * w2)` sums over the hidden units, too, where `w2 @ error` sums over the outputs
    alone: all hidden units are then told the same.
    """

    passes_input = True

    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        return x

    def backward(self, gradient: np.ndarray, *, wants_input_gradient: bool) -> np.ndarray:
        return np.repeat(gradient.sum(axis=1, keepdims=True), gradient.shape[1], axis=1)
