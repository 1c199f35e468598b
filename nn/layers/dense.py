"""The dense layer y = x W + b."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn.layers.layer import Build, Layer

Initializer = Callable[[tuple[int, ...], np.random.Generator], np.ndarray]


class Dense(Layer):
    """Affine map y = x W + b.

    Backward: dW = x^T dy, db = sum of dy over the batch, dx = dy W^T.

    Parameters
    ----------
    units : int
        Columns of the output.
    initializer : callable
        Draws W of shape (n_inputs, units); b begins at zero.
    """

    def __init__(self, units: int, *, initializer: Initializer) -> None:
        self.units, self._initializer = units, initializer

    def build(self, context: Build) -> int:
        """Allocate the output and, unless it is the first layer, the input gradient."""
        rows, self._is_first = context.batch_size, context.is_first
        self.weight_shapes = ((context.n_inputs, self.units),)
        self.bias_shapes = ((self.units,),)
        self._output = np.empty((rows, self.units), context.dtype)
        self._ones = np.ones(rows, context.dtype)
        if not self._is_first:
            self._input_gradient = np.empty((rows, context.n_inputs), context.dtype)
        return self.units

    def attach(
        self,
        weights: list[np.ndarray],
        biases: list[np.ndarray],
        weight_gradients: list[np.ndarray],
        bias_gradients: list[np.ndarray],
    ) -> None:
        """Take W, b and their gradients."""
        (self.weights,), (self.biases,) = weights, biases
        (self.weight_gradients,), (self.bias_gradients,) = weight_gradients, bias_gradients

    def initialize(self, rng: np.random.Generator) -> None:
        """Draw W; set b to zero."""
        self.weights[...] = self._initializer(self.weights.shape, rng)
        self.biases[...] = 0

    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:  # noqa: ARG002
        """Return x W + b."""
        self._input = x
        output = self._output[: len(x)]
        np.matmul(x, self.weights, out=output)
        output += self.biases
        return output

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """Store dW and db; return dx (for the first layer, the gradient as it came)."""
        np.matmul(self._input.T, gradient, out=self.weight_gradients)
        # A product with ones sums the columns faster than a reduction over the first axis.
        np.matmul(self._ones[: len(gradient)], gradient, out=self.bias_gradients)
        if self._is_first:
            return gradient
        return np.matmul(gradient, self.weights.T, out=self._input_gradient[: len(gradient)])
