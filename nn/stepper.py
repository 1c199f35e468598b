"""One pass over the batches, each step timed phase by phase."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from nn.averaging import ExponentialAverage
from nn.clipping import clip_by_norm
from nn.losses.loss import Loss, one_hot
from nn.max_norm import constrain_max_norm
from nn.network import Network
from nn.optimizers.bound import BoundOptimizer
from nn.penalties.penalty import Penalty
from nn.softmax import predicted_classes
from nn.underflow import Underflow

Batch = tuple[np.ndarray, np.ndarray]


@dataclass
class EpochSums:
    """Sums over one epoch; times in seconds."""

    steps: int = 0
    examples: int = 0
    loss: float = 0.0
    correct: int = 0
    data: float = 0.0
    forward: float = 0.0
    backward: float = 0.0
    update: float = 0.0
    evaluation: float = 0.0
    rate: float = 0.0
    diverged: bool = False
    last_loss: float = 0.0


class Stepper:
    """What happens to one batch, timed phase by phase."""

    penalty: Penalty | None
    clip_norm: float | None
    max_norm: float | None
    average: ExponentialAverage | None
    mixup: Callable[[np.ndarray, np.ndarray], Batch] | None

    def __init__(
        self,
        network: Network,
        loss: Loss,
        optimizer: BoundOptimizer,
        learning_rate: float,
        schedule: Callable[[int, int], float],
        total_steps: int,
    ) -> None:
        self.network, self.loss, self.optimizer = network, loss, optimizer
        self.learning_rate, self.schedule, self.total_steps = learning_rate, schedule, total_steps
        self.n_steps = 0
        self._underflow = Underflow()
        self._weights = [
            p.value for layer in network.layers for p in layer.parameters() if p.is_weight
        ]

    def run_epoch(self, batches: Iterable[Batch]) -> EpochSums:
        """Take one pass over `batches`; stop at the first loss that is not finite."""
        sums, network = EpochSums(), self.network
        underflow = self._underflow
        with np.errstate(over="ignore", invalid="ignore", under="call", call=underflow):
            clock = perf_counter()
            for x, y in batches:
                targets = y
                if self.mixup is not None:
                    rows = self._rows(y)
                    x, mixed = self.mixup(x, rows)
                    # At strength 0 the rows come back untouched: indices stay indices.
                    targets = y if mixed is rows else mixed
                # How batches are made is not the step's business.
                underflow.heard = False
                fetched = perf_counter()
                logits = network.forward(x, training=True)
                if y.ndim == 1:
                    sums.correct += int(np.count_nonzero(predicted_classes(logits) == y))
                value, gradient = self.loss(logits, targets)
                self.n_steps += 1
                if not math.isfinite(value):
                    sums.diverged, sums.last_loss = True, value
                    return sums
                went_forward = perf_counter()
                network.backward(gradient, rounds_gradients=underflow.rounds_gradients)
                went_back = perf_counter()
                sums.rate = self.learning_rate * self.schedule(self.n_steps - 1, self.total_steps)
                self._update(sums.rate)
                if underflow.heard or underflow.rounds_gradients:
                    underflow.end_step(self.n_steps, self._kept)
                updated = perf_counter()
                sums.steps += 1
                sums.examples += len(x)
                sums.loss += value * len(x)
                sums.data += fetched - clock
                sums.forward += went_forward - fetched
                sums.backward += went_back - went_forward
                sums.update += updated - went_back
                clock = updated
        return sums

    def swap_average(self) -> None:
        """Exchange parameters and their average, if there is one."""
        if self.average is not None:
            self.average.swap(self.network.parameters)

    def _update(self, rate: float) -> None:
        network, penalty = self.network, self.penalty
        if self.clip_norm is not None:
            # The norm is that of the whole gradient, penalty included: it cannot wait.
            if penalty is not None:
                scratch = np.empty_like(network.weights)
                penalty.add_gradient(network.weights, network.weight_gradients, scratch)
                penalty = None
            clip_by_norm(network.gradients, self.clip_norm)
        rounds = self._underflow.rounds_gradients
        self.optimizer.step(rate, penalty=penalty, rounds_gradients=rounds)
        if self.max_norm is not None:
            constrain_max_norm(self._weights, self.max_norm)
        if self.average is not None:
            self.average.update(network.parameters)

    def _kept(self) -> Iterator[np.ndarray]:
        """Yield all that one step hands to the next."""
        yield self.network.parameters
        yield from self.optimizer.states
        for layer in self.network.layers:
            yield from layer.statistics().values()
        if self.average is not None:
            yield self.average.values

    def _rows(self, y: np.ndarray) -> np.ndarray:
        """Return class indices as one-hot rows."""
        return one_hot(y, np.empty((len(y), self.network.n_outputs), self.network.dtype))
