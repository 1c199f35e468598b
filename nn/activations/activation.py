"""What every activation is."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from nn.layers.layer import Build, Layer


class Activation(Layer):
    """An elementwise function, applied in place to the output of the layer below.

    That layer must not need its output in its backward pass; a dense layer does not.
    """

    def build(self, context: Build) -> int:
        """Allocate one scratch array."""
        self._scratch = np.empty((context.batch_size, context.n_inputs), context.dtype)
        return context.n_inputs

    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:  # noqa: ARG002
        """Return f(x), written over x."""
        self._value = self.apply(x)
        return self._value

    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """Return gradient * f'(x), written over the gradient."""
        slope = self.slope(self._value, self._scratch[: len(gradient)])
        gradient *= slope
        return gradient

    @abstractmethod
    def apply(self, x: np.ndarray) -> np.ndarray:
        """Write f(x) over x and return it."""

    @abstractmethod
    def slope(self, y: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Return f'(x) from y = f(x), written to `out`."""
