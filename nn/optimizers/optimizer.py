"""What every optimizer is, and how it walks long vectors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

# Floats per chunk: a chunk of parameters, gradients, two moments and scratch stays in a
# 1 MiB second-level cache, so that each element comes from memory once a step.
CHUNK = 16_384


class Optimizer(ABC):
    """An update rule on flat vectors; it knows nothing of layers.

    Parameters
    ----------
    n_parameters : int
        Length of the vectors.
    dtype : dtype
        Of parameters and state.
    """

    default_learning_rate: ClassVar[float]

    def __init__(self, n_parameters: int, *, dtype: np.dtype | type = np.float32) -> None:
        self._n, self._dtype = n_parameters, np.dtype(dtype)
        self._scratch = np.empty(min(CHUNK, n_parameters), dtype)

    def _zeros(self) -> np.ndarray:
        return np.zeros(self._n, self._dtype)

    def _chunks(self) -> Iterator[slice]:
        for start in range(0, self._n, CHUNK):
            yield slice(start, min(start + CHUNK, self._n))

    @abstractmethod
    def step(self, parameters: np.ndarray, gradients: np.ndarray, learning_rate: float) -> None:
        """Update `parameters` in place; `gradients` may be overwritten."""
