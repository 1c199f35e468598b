"""What every optimizer is: an update of flat arrays, in chunks that fit the cache."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import pairwise
from typing import ClassVar

import numpy as np

from nn.aligned import aligned_zeros

CHUNK = 65536
"""Elements updated at a time: parameters, gradient and state stay in the L2 cache meanwhile."""


class Optimizer(ABC):
    """An update rule for one flat vector of parameters; it sees arrays and nothing else.

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
    `gradient` and `scratch` may be overwritten.
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
        self._chunks: list[tuple[np.ndarray, ...]] = []

    def step(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Update `parameters` in place; `gradients` are used up."""
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
        for chunk in self._chunks:
            self._update(learning_rate, *chunk)

    @abstractmethod
    def _update(
        self,
        learning_rate: float,
        parameter: np.ndarray,
        gradient: np.ndarray,
        scratch: np.ndarray,
        *states: np.ndarray,
    ) -> None:
        """Update one chunk of `parameter` in place."""

    def _cut(self, parameters: np.ndarray, gradients: np.ndarray) -> list[tuple[np.ndarray, ...]]:
        """Return the chunks as views; none straddles the end of the weights."""
        edges = sorted({*range(0, len(parameters), CHUNK), self.n_weights, len(parameters)})
        return [
            (
                parameters[start:stop],
                gradients[start:stop],
                self._scratch[: stop - start],
                *(state[start:stop] for state in self.states),
            )
            for start, stop in pairwise(edges)
        ]
