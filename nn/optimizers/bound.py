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
    """Flat vectors (n,): parameters, their gradients, and the weights, a prefix of the former."""

    parameters: np.ndarray
    gradients: np.ndarray
    weights: np.ndarray


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
        decay = learning_rate * self.rule.weight_decay
        for chunk, weights in self._chunks:
            if weights is not None:
                if decay:
                    np.multiply(weights[0], 1 - decay, out=weights[0])
                if penalty is not None:
                    penalty.add_gradient(*weights)
            if rounds_gradients:
                round_off(chunk.gradient)
            self.rule.update(chunk, learning_rate, self.n_steps)

    def __getstate__(self) -> dict[str, Any]:
        # The views of a copy would be copies: it cuts its own.
        return {name: value for name, value in vars(self).items() if name != "_chunks"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._chunks = self._cut()

    def _cut(self) -> list[tuple[Chunk, tuple[np.ndarray, np.ndarray, np.ndarray] | None]]:
        """Return each chunk, with that part of its first three views that holds weights."""
        network, chunks = self.network, []
        n, n_weights = len(network.parameters), len(network.weights)
        for start in range(0, n, CHUNK):
            part = slice(start, start + CHUNK)
            parameter, gradient = network.parameters[part], network.gradients[part]
            scratch = self._scratch[: n - start]
            chunk = Chunk(parameter, gradient, scratch, tuple(s[part] for s in self.states))
            count = max(0, n_weights - start)
            weights = (parameter[:count], gradient[:count], scratch[:count]) if count else None
            chunks.append((chunk, weights))
        return chunks
