"""A feed-forward network over one flat parameter vector."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from nn.layers.layer import Build, Layer


def _views(vector: np.ndarray, shapes: Sequence[tuple[int, ...]], start: int) -> list[np.ndarray]:
    """Cut consecutive arrays of these shapes out of a vector, without copying."""
    found = []
    for shape in shapes:
        stop = start + math.prod(shape)
        found.append(vector[start:stop].reshape(shape))
        start = stop
    return found


def _size(shapes: Sequence[tuple[int, ...]]) -> int:
    return sum(math.prod(shape) for shape in shapes)


class Network:
    """Layers in a row, their parameters in one vector, their gradients in another.

    All weights come first, then all biases: a penalty acts on one contiguous prefix, and an
    optimizer sees two vectors. Buffers are allocated once, for `batch_size` rows.

    Parameters
    ----------
    layers : sequence of Layer
        From input to logits.
    n_inputs : int
        Columns of the input.
    batch_size : int
        Rows of the largest batch.
    rng : Generator
        The init stream.
    dropout_rng : Generator, optional
        The dropout stream.
    dtype : dtype
        Of parameters and activations: float32 to train, float64 to check gradients.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        n_inputs: int,
        batch_size: int,
        rng: np.random.Generator,
        dropout_rng: np.random.Generator | None = None,
        dtype: np.dtype | type = np.float32,
    ) -> None:
        self.layers, self.batch_size, self.dtype = list(layers), batch_size, np.dtype(dtype)
        columns = n_inputs
        for position, layer in enumerate(self.layers):
            context = Build(
                columns, batch_size, self.dtype, is_first=position == 0, rng=dropout_rng
            )
            columns = layer.build(context)
        self.n_outputs = columns
        self.n_weights = sum(_size(layer.weight_shapes) for layer in self.layers)
        n_biases = sum(_size(layer.bias_shapes) for layer in self.layers)
        self.parameters = np.zeros(self.n_weights + n_biases, self.dtype)
        self.gradients = np.zeros_like(self.parameters)
        self._attach()
        for layer in self.layers:
            layer.initialize(rng)

    def _attach(self) -> None:
        weight, bias = 0, self.n_weights
        for layer in self.layers:
            layer.attach(
                _views(self.parameters, layer.weight_shapes, weight),
                _views(self.parameters, layer.bias_shapes, bias),
                _views(self.gradients, layer.weight_shapes, weight),
                _views(self.gradients, layer.bias_shapes, bias),
            )
            weight += _size(layer.weight_shapes)
            bias += _size(layer.bias_shapes)

    @property
    def n_parameters(self) -> int:
        """Length of the parameter vector."""
        return self.parameters.size

    @property
    def weights(self) -> np.ndarray:
        """The part of the parameter vector that penalties act on, a view."""
        return self.parameters[: self.n_weights]

    @property
    def weight_gradients(self) -> np.ndarray:
        """The gradients of `weights`, a view."""
        return self.gradients[: self.n_weights]

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return the logits of a batch, a view that is valid until the next call.

        Parameters
        ----------
        x : ndarray, shape (n, n_inputs)
            n at most `batch_size`; kept by reference for the backward pass.
        training : bool
            Whether dropout acts.
        """
        for layer in self.layers:
            x = layer.forward(x, training=training)
        return x

    def backward(self, gradient: np.ndarray) -> None:
        """Fill `gradients` from dL/dlogits of the last forward pass; overwrites its argument."""
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)

    def chunks(self, n: int) -> Iterator[slice]:
        """Yield the slices of at most `batch_size` rows that cover n rows in order."""
        for start in range(0, n, self.batch_size):
            yield slice(start, min(start + self.batch_size, n))

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the logits of any number of rows in evaluation mode, a new array."""
        result = np.empty((len(x), self.n_outputs), self.dtype)
        for rows in self.chunks(len(x)):
            result[rows] = self.forward(x[rows])
        return result
