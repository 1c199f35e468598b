"""A network: layers in a row over one flat vector of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import numpy as np

from nn.activations.activation import Activation
from nn.layers.layer import Layer
from nn.layers.parameter import lay_out
from nn.layers.surroundings import Surroundings
from nn.softmax import softmax
from nn.underflow import round_off

_EVALUATION_ROWS = 256


class Network:
    """Layers applied one after the other, from (n, n_inputs) to logits (n, n_outputs).

    Parameters
    ----------
    layers : sequence of Layer
        Fresh layers; a layer belongs to one network.
    n_inputs : int
        Number of input features.
    batch_size : int
        Rows of a training batch: the largest number that ``forward`` will be given.
    rng : Generator
        Draws the initial parameters, layer by layer, and nothing else.
    dropout_rng : Generator, optional
        Draws the dropout masks; only needed with dropout.
    dtype : dtype
        float32 to train, float64 for gradient checks.

    Attributes
    ----------
    parameters, gradients : ndarray, shape (n_parameters,)
        All trainable values and the gradients that ``backward`` left; layers hold views.
    capacity : int
        Rows that are evaluated at a time: `batch_size`, or 256 if that is more.
    weights, weight_gradients : ndarray
        Views on the prefix that penalties and weight decay act on: the weight matrices.
    rate_stretches : list of (int, float)
        Where each stretch of ``parameters`` of one learning rate ends, and its multiple of it.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        n_inputs: int,
        batch_size: int = 32,
        rng: np.random.Generator,
        dropout_rng: np.random.Generator | None = None,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        self.layers = tuple(layers)
        self.n_inputs = n_inputs
        self.batch_size = batch_size
        self.dtype = np.dtype(dtype)
        self.dropout_rng = dropout_rng
        self.capacity = max(batch_size, _EVALUATION_ROWS)
        self._n_rows = -1
        self._connect()
        self._lay_out()
        for layer in self.layers:
            layer.initialize(rng)

    def _lay_out(self) -> None:
        self.parameters, self.gradients, n_weights, self.rate_stretches = lay_out(
            [p for layer in self.layers for p in layer.parameters()], self.dtype
        )
        self.n_parameters = len(self.parameters)
        self.weights = self.parameters[:n_weights]
        self.weight_gradients = self.gradients[:n_weights]

    def __setstate__(self, state: dict[str, Any]) -> None:
        # The views of a copied network are copies too, or read-only: allocate and lay out anew.
        self.__dict__.update(state)
        self._rebuild(self.dtype)

    def astype(self, dtype: np.typing.DTypeLike) -> Network:
        """Return a copy in another precision, with a generator of the same state for dropout."""
        twin = deepcopy(self)
        twin._rebuild(np.dtype(dtype))
        return twin

    def _rebuild(self, dtype: np.dtype) -> None:
        held = self.state()
        self.dtype = dtype
        self._connect()
        self._lay_out()
        self._n_rows = -1
        self.load_state(held)

    def _connect(self) -> None:
        width, overwrite = self.n_inputs, False
        for layer in self.layers:
            surroundings = Surroundings(self.capacity, self.dtype, overwrite, self.dropout_rng)
            width = layer.connect(width, surroundings)
            # The first layer's input is the caller's memory; a layer that passes its input on
            # (dropout at rest) hands the question on to the layer before it.
            overwrite = overwrite if layer.passes_input else not layer.keeps_output
        self.n_outputs = width
        trained = [i for i, layer in enumerate(self.layers) if layer.parameters()]
        # Nothing below the first layer with parameters needs a gradient.
        self._backward_order = (
            tuple(
                (self.layers[i], i > trained[0])
                for i in range(len(self.layers) - 1, trained[0] - 1, -1)
            )
            if trained
            else ()
        )

    def forward(self, x: np.ndarray, *, training: bool = False) -> np.ndarray:
        """Return the logits (n, n_outputs) of `x` (n, n_inputs), n at most `batch_size`.

        The result is a view that is valid until the next call; so must `x` be until ``backward``
        has run. `training` switches dropout and batch statistics on.
        """
        if len(x) != self._n_rows or x.dtype != self.dtype:
            self._resize(x)
        for layer in self.layers:
            x = layer.forward(x, training=training)
        return x

    def backward(self, gradient: np.ndarray, *, rounds_gradients: bool = False) -> None:
        """Fill ``gradients`` from the loss's `gradient` with respect to the last logits.

        `gradient` may be overwritten. `rounds_gradients`: see ``nn.underflow``.
        """
        passed: np.ndarray | None = gradient
        for layer, wants_input_gradient in self._backward_order:
            assert passed is not None
            if rounds_gradients:
                round_off(passed)
            passed = layer.backward(passed, wants_input_gradient=wants_input_gradient)

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Return the logits of any number of rows in a new array, in evaluation mode."""
        x = np.ascontiguousarray(x, self.dtype)
        result = np.empty((len(x), self.n_outputs), self.dtype)
        for start in range(0, len(x), self.capacity):
            rows = slice(start, start + self.capacity)
            result[rows] = self.forward(x[rows])
        return result

    def predict_proba(self, x: np.ndarray) -> np.ndarray:
        """Return class probabilities (n, n_classes), float64, rows that sum to 1.

        They are the softmax of the logits; of a single output, its sigmoid and the rest. Where the
        last layer is a sigmoid, they are each output's part of all outputs of the row.
        """
        # float64 keeps the order of any float32 logits.
        outputs = self.logits(x).astype(np.float64)
        last = self.layers[-1]
        if isinstance(last, Activation) and last.gives_shares:
            if self.n_outputs == 1:
                return np.hstack([1 - outputs, outputs])
            # Where each sigmoid has underflown to 0, all classes are alike.
            outputs += np.finfo(np.float32).tiny
            shares: np.ndarray = outputs / outputs.sum(axis=1, keepdims=True)
            return shares
        if self.n_outputs == 1:
            # The softmax of (-z/2, z/2) is (1 - sigmoid(z), sigmoid(z)).
            outputs = outputs * np.array([-0.5, 0.5])
        return softmax(outputs)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the index of each row's most probable class."""
        return self.predict_proba(x).argmax(axis=1)

    def state(self) -> dict[str, np.ndarray]:
        """Return copies of all that makes the trained function: parameters and statistics."""
        return {name: value.copy() for name, value in self._state().items()}

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Restore what ``state`` returned.

        Raises
        ------
        ValueError
            If names or shapes are not those of this network.
        """
        own = self._state()
        expected = {name: value.shape for name, value in own.items()}
        given = {name: value.shape for name, value in state.items()}
        if given != expected:
            raise ValueError(
                f"Network.load_state — needs the arrays {expected} — got {given}. "
                "Build the network with the architecture that the state was saved from."
            )
        for name, value in own.items():
            value[...] = state[name]

    def _state(self) -> dict[str, np.ndarray]:
        statistics = {
            f"layers.{i}.{name}": value
            for i, layer in enumerate(self.layers)
            for name, value in layer.statistics().items()
        }
        return {"parameters": self.parameters, **statistics}

    def named_arrays(self) -> dict[str, np.ndarray]:
        """Return views on all parameters and statistics by name, as `layers.0.weight`."""
        parameters = {
            f"layers.{i}.{p.name}": p.value
            for i, layer in enumerate(self.layers)
            for p in layer.parameters()
        }
        return parameters | {k: v for k, v in self._state().items() if k != "parameters"}

    def _resize(self, x: np.ndarray) -> None:
        n_rows = len(x)
        if x.dtype != self.dtype:
            raise ValueError(
                f"Network.forward — works in {self.dtype} — got {x.dtype}. Use x.astype(), "
                "or nn.fit and predict, which convert."
            )
        if not 0 <= n_rows <= self.capacity:
            raise ValueError(
                f"Network.forward — takes at most {self.capacity} rows — got {n_rows}. "
                "Raise batch_size or call logits."
            )
        self._n_rows = n_rows
        for layer in self.layers:
            layer.resize(n_rows)
