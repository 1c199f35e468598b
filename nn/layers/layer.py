"""What every layer is: a differentiable map of a batch that owns its buffers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from inspect import signature
from typing import Any, ClassVar

import numpy as np

from nn.layers.parameter import Parameter
from nn.layers.surroundings import Surroundings


class Layer(ABC):
    """A differentiable map from (n, n_inputs) to (n, n_outputs); rows are examples.

    A layer is built in three steps: the constructor takes what the user chooses, ``connect``
    learns the shapes and allocates the buffers, the network then gives the parameters their
    place and calls ``initialize``. ``resize`` points the views at the first n rows, so that a
    training step slices nothing. A plain layer needs less. ``nn.checks`` holds it to its contract;
    ``nn.load(path, layers=[Scale])`` reads it back.

    Examples
    --------
    >>> class Scale(Layer):
    ...     def connect(self, n_inputs, surroundings):
    ...         self.gain = Parameter("gain", (n_inputs,))
    ...         return n_inputs
    ...
    ...     def parameters(self):
    ...         return [self.gain]
    ...
    ...     def initialize(self, rng):
    ...         self.gain.value[...] = 1
    ...
    ...     def forward(self, x, *, training):
    ...         self.x = x
    ...         return x * self.gain.value
    ...
    ...     def backward(self, gradient, *, wants_input_gradient):
    ...         self.gain.gradient[...] = (gradient * self.x).sum(axis=0)
    ...         return gradient * self.gain.value
    """

    off: ClassVar[dict[str, Any] | None] = None
    """The options at which it is absent, bit for bit; ``nn.checks`` holds it to that."""

    keeps_output: ClassVar[bool] = False
    """Whether ``backward`` reads the output, so that the next layer must not overwrite it."""

    passes_input: ClassVar[bool] = False
    """Whether ``forward`` may return its input itself."""

    def connect(self, n_inputs: int, surroundings: Surroundings) -> int:
        """Fix the input width, allocate buffers, return the output width."""
        return n_inputs

    def resize(self, n_rows: int) -> None:  # noqa: B027 (a layer without buffers has no views)
        """Let the following calls work on `n_rows` rows."""

    @abstractmethod
    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        """Return the output, a view that is valid until the next call."""

    @abstractmethod
    def backward(self, gradient: np.ndarray, *, wants_input_gradient: bool) -> np.ndarray | None:
        """Fill the parameters' gradients and return the input's, which may reuse `gradient`."""

    def parameters(self) -> list[Parameter]:
        """Return the trainable arrays; empty for most layers."""
        # Collecting them from vars(self) would do, but an object whose dictionary has once been
        # asked for reads its attributes more slowly ever after: 5 % of a small network's step.
        return []

    def statistics(self) -> dict[str, np.ndarray]:
        """Return running statistics that belong to the layer's state but are not trained."""
        return {}

    def initialize(self, rng: np.random.Generator) -> None:  # noqa: B027 (most layers draw nothing)
        """Draw initial values."""

    def options(self) -> dict[str, Any]:
        """Return the constructor's arguments that the trained function depends on, as JSON.

        By default all of them, each from the attribute of its name.
        """
        return {name: getattr(self, name) for name in signature(type(self)).parameters}
