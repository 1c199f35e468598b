"""An optimizer at work on the parameters of one network."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from nn.aligned import aligned_zeros
from nn.optimizers.optimizer import Chunk, Optimizer
from nn.penalties.penalty import Penalty
from nn.underflow import round_off

CHUNK = 65536
"""Elements updated at a time: parameters, gradient and state stay in the L2 cache meanwhile."""


class Trained(Protocol):
    """Flat vectors (n,): parameters, their gradients, and the weights, a prefix of the former.

    `rate_stretches`: where each stretch of parameters of one learning rate ends, and its multiple
    of the rate that ``step`` is given.
    """

    parameters: np.ndarray
    gradients: np.ndarray
    weights: np.ndarray
    rate_stretches: list[tuple[int, float]]


class BoundOptimizer:
    """An optimizer's states and step count for one network.

    Parameters
    ----------
    rule : Optimizer
    network : Network
        Or anything else with flat vectors of parameters, gradients and weights. The parameters are
        updated in place, the gradients used up.
    """

    def __init__(self, rule: Optimizer, network: Trained) -> None:
        self.rule, self.network = rule, network
        n, dtype = len(network.parameters), network.parameters.dtype
        self.n_steps = 0
        self.states = tuple(aligned_zeros((n,), dtype) for _ in range(rule.n_states))
        self._scratch = aligned_zeros((min(CHUNK, n),), dtype)
        self._chunks = self._cut()

    def step(
        self,
        learning_rate: float,
        *,
        penalty: Penalty | None = None,
        rounds_gradients: bool = False,
    ) -> None:
        """Update the parameters from the gradients, chunk by chunk while they are in the cache.

        `penalty` first adds its own to the gradients of the weights; `rounds_gradients` then
        rounds off what is too small to be squared.
        """
        self.n_steps += 1
        for chunk, weights, factor in self._chunks:
            rate = learning_rate * factor
            if weights is not None:
                decay = rate * self.rule.weight_decay
                if decay:
                    np.multiply(weights[0], 1 - decay, out=weights[0])
                if penalty is not None:
                    penalty.add_gradient(*weights)
            if rounds_gradients:
                round_off(chunk.gradient)
            self.rule.update(chunk, rate, self.n_steps)

    def __getstate__(self) -> dict[str, Any]:
        # The views of a copy would be copies: it cuts its own.
        return {name: value for name, value in vars(self).items() if name != "_chunks"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._chunks = self._cut()

    def _cut(self) -> list[tuple[Chunk, tuple[np.ndarray, np.ndarray, np.ndarray] | None, float]]:
        """Return each chunk, that part of its first three views that holds weights, its factor."""
        network, chunks, begin = self.network, [], 0
        for end, factor in network.rate_stretches:
            for start in range(begin, end, CHUNK):
                part = slice(start, min(start + CHUNK, end))
                parameter, gradient = network.parameters[part], network.gradients[part]
                scratch = self._scratch[: len(parameter)]
                chunk = Chunk(parameter, gradient, scratch, tuple(s[part] for s in self.states))
                count = max(0, len(network.weights) - start)
                weights = (parameter[:count], gradient[:count], scratch[:count]) if count else None
                chunks.append((chunk, weights, factor))
            begin = end
        return chunks
