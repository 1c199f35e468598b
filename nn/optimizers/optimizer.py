"""What every optimizer is: an update rule and its options."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np


@dataclass(slots=True)
class Chunk:
    """Views on the same stretch of every flat vector, and a scratch of its length.

    All but the parameters and the states may be overwritten at will.
    """

    parameter: np.ndarray
    gradient: np.ndarray
    scratch: np.ndarray
    states: tuple[np.ndarray, ...]

    def __iter__(self) -> Iterator[Any]:
        """Unpack as parameter, gradient, scratch, states."""
        return iter((self.parameter, self.gradient, self.scratch, self.states))


class Optimizer(ABC):
    """An update rule with its options; it sees arrays, never layers, and remembers nothing.

    Training binds it to a network's parameters (`BoundOptimizer` holds states and step count), so
    that one optimizer can serve many networks. A new one names its `default_learning_rate`, says
    how many vectors of state it keeps (`n_states`, zero at the start), takes its options by
    keyword, each with a default, and changes one chunk in place. ``nn.checks`` holds it to its
    contract.

    Examples
    --------
    >>> class Signum(Optimizer):
    ...     default_learning_rate = 0.001
    ...     n_states = 1
    ...
    ...     def __init__(self, beta: float = 0.9) -> None:
    ...         self.beta = beta
    ...
    ...     def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
    ...         (mean,) = chunk.states
    ...         mean += (1 - self.beta) * (chunk.gradient - mean)
    ...         chunk.parameter -= learning_rate * np.sign(mean)
    """

    default_learning_rate: ClassVar[float]
    n_states: ClassVar[int] = 0
    weight_decay: float = 0.0
    """Decoupled: shrinks the weights by lr * weight_decay per step, past the update rule."""

    @abstractmethod
    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        """Change ``chunk.parameter`` and ``chunk.states`` in place; `step` counts from 1."""
