"""What every layer is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Build:
    """What a layer is told when its network is put together.

    Parameters
    ----------
    n_inputs : int
        Columns of its input.
    batch_size : int
        Rows of the largest batch, for which buffers are allocated once.
    dtype : dtype
        Of parameters and activations.
    is_first : bool
        Whether nothing lies below, so that no input gradient is needed.
    rng : Generator, optional
        The dropout stream.
    """

    n_inputs: int
    batch_size: int
    dtype: np.dtype
    is_first: bool
    rng: np.random.Generator | None


class Layer(ABC):
    """A step of a network. It owns its buffers; what it returns is valid until its next call."""

    # Shapes of what the layer learns: weights are penalised, biases are not.
    weight_shapes: tuple[tuple[int, ...], ...] = ()
    bias_shapes: tuple[tuple[int, ...], ...] = ()

    @abstractmethod
    def build(self, context: Build) -> int:
        """Allocate buffers and return the number of output columns."""

    def attach(  # noqa: B027 - most layers learn nothing
        self,
        weights: list[np.ndarray],
        biases: list[np.ndarray],
        weight_gradients: list[np.ndarray],
        bias_gradients: list[np.ndarray],
    ) -> None:
        """Take the layer's views of the network's flat parameter and gradient vectors."""

    def initialize(self, rng: np.random.Generator) -> None:  # noqa: B027
        """Draw the initial parameters."""

    @abstractmethod
    def forward(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        """Return the output for input `x` of shape (n, n_inputs)."""

    @abstractmethod
    def backward(self, gradient: np.ndarray) -> np.ndarray:
        """Take dL/doutput, store parameter gradients, return dL/dinput; may work in place."""
