"""What every optimizer is: an update of flat arrays, in chunks that fit the cache."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import numpy as np

from nn.aligned import aligned_zeros
from nn.penalties.penalty import Penalty

CHUNK = 65536
"""Elements updated at a time: parameters, gradient and state stay in the L2 cache meanwhile."""


class Chunk(NamedTuple):
    """Views on the same stretch of every flat vector, and a scratch of its length.

    All but the parameters and the states may be overwritten at will.
    """

    parameter: np.ndarray
    gradient: np.ndarray
    scratch: np.ndarray
    states: tuple[np.ndarray, ...]


class Optimizer(ABC):
    """An update rule for one flat vector of parameters; it sees arrays, never layers.

    Parameters
    ----------
    n_parameters : int
        Length of the vectors.
    n_weights : int, optional
        Length of the prefix that decoupled weight decay acts on (AdamW, Lion); all by default.
    dtype : dtype
        That of the parameters; the state has it too.

    Notes
    -----
    A new optimizer is one file with a subclass and one line in ``OPTIMIZERS``: `n_states` says
    how many vectors of state it keeps (zero at the start), `_update` changes one chunk in place.
    """

    default_learning_rate: ClassVar[float]
    n_states: ClassVar[int] = 0
    weight_decay: float = 0.0
    """Decoupled: shrinks the weights by lr * weight_decay per step, past the update rule."""

    def __init__(
        self,
        n_parameters: int,
        *,
        n_weights: int | None = None,
        dtype: np.typing.DTypeLike = np.float32,
    ) -> None:
        self.n_weights = n_parameters if n_weights is None else n_weights
        self.states = tuple(aligned_zeros((n_parameters,), dtype) for _ in range(self.n_states))
        self.n_steps = 0
        self._scratch = aligned_zeros((min(CHUNK, n_parameters),), dtype)
        self._arrays: tuple[np.ndarray, np.ndarray] | None = None
        self._chunks: list[tuple[int, Chunk]] = []

    def step(
        self,
        parameters: np.ndarray,
        gradients: np.ndarray,
        learning_rate: float,
        *,
        penalty: Penalty | None = None,
        n_penalized: int = 0,
    ) -> None:
        """Update `parameters` in place; `gradients` are used up.

        `penalty` first adds its own to the gradients of the first `n_penalized` parameters,
        chunk by chunk while they are in the cache.
        """
        self.n_steps += 1
        if self.weight_decay:
            parameters[: self.n_weights] *= 1 - learning_rate * self.weight_decay
        if (
            self._arrays is None
            or self._arrays[0] is not parameters
            or self._arrays[1] is not gradients
        ):
            self._arrays = (parameters, gradients)
            self._chunks = self._cut(parameters, gradients)
        for start, chunk in self._chunks:
            if penalty is not None and start < n_penalized:
                _penalize(penalty, chunk, n_penalized - start)
            self._update(learning_rate, chunk)

    @abstractmethod
    def _update(self, learning_rate: float, chunk: Chunk) -> None:
        """Update ``chunk.parameter`` in place."""

    def _cut(self, parameters: np.ndarray, gradients: np.ndarray) -> list[tuple[int, Chunk]]:
        """Return each chunk with its start."""
        chunks = []
        for start in range(0, len(parameters), CHUNK):
            part = slice(start, start + CHUNK)
            scratch = self._scratch[: len(parameters) - start]
            states = tuple(state[part] for state in self.states)
            chunks.append((start, Chunk(parameters[part], gradients[part], scratch, states)))
        return chunks


def _penalize(penalty: Penalty, chunk: Chunk, count: int) -> None:
    """Add the penalty's gradient to the first `count` elements of a chunk."""
    parameter, gradient, scratch, _ = chunk
    if count < len(gradient):
        parameter, gradient, scratch = parameter[:count], gradient[:count], scratch[:count]
    penalty.add_gradient(parameter, gradient, scratch)
