"""The training loop: a generator of one record per epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import numpy as np

from nn.averaging import ExponentialAverage
from nn.clipping import clip_by_norm
from nn.early_stopping import BestEpoch
from nn.losses.loss import Loss
from nn.max_norm import constrain_max_norm
from nn.network import Network
from nn.optimizers.optimizer import Optimizer
from nn.penalties.penalty import Penalty
from nn.records import Diverged, EpochRecord
from nn.schedules.constant import constant

Batch = tuple[np.ndarray, np.ndarray]
Validation = Callable[[Network], tuple[float, float]]


class Batches(Protocol):
    """Each iteration is one epoch of (x (n, d), y (n,)), views valid until the next batch."""

    def __iter__(self) -> Iterator[Batch]: ...
    def __len__(self) -> int: ...


@dataclass
class _Epoch:
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


def train(
    network: Network,
    loss: Loss,
    optimizer: Optimizer,
    batches: Batches,
    *,
    learning_rate: float,
    epochs: int,
    schedule: Callable[[int, int], float] = constant,
    penalty: Penalty | None = None,
    clip_norm: float | None = None,
    max_norm: float | None = None,
    average: float | None = None,
    mixup: Callable[[np.ndarray, np.ndarray], Batch] | None = None,
    validation: Validation | None = None,
    patience: int | None = None,
) -> Iterator[EpochRecord | Diverged]:
    """Train `network` in place and yield a record after each epoch.

    Parameters
    ----------
    network, loss, optimizer
        What is trained, on what, by which rule.
    batches : re-iterable
        One iteration is one epoch; see ``Batches``.
    learning_rate : float
        Base rate, multiplied by ``schedule(step, total_steps)``.
    epochs : int
    schedule : callable
        Constant by default.
    penalty : Penalty, optional
        On the weights; enters the gradient, not the reported loss.
    clip_norm : float, optional
        Largest norm of the whole gradient, penalty included.
    max_norm : float, optional
        Largest norm of each unit's incoming weights, after each update.
    average : float, optional
        Decay of an exponential moving average of the parameters, which is what is validated and
        kept.
    mixup : callable, optional
        ``mixup(x, one_hot_targets) -> x, targets``; brings its own generator.
    validation : callable, optional
        ``validation(network) -> (loss, accuracy)`` after each epoch. The best epoch's state is
        kept, and the network holds it when the generator ends or is closed.
    patience : int, optional
        Stop after so many epochs without a better one.

    Yields
    ------
    EpochRecord or Diverged
        `Diverged` is the last record: a loss was not finite.
    """
    step = _Step(network, loss, optimizer, learning_rate, schedule, epochs * len(batches))
    step.penalty, step.clip_norm, step.max_norm, step.mixup = penalty, clip_norm, max_norm, mixup
    step.average = ExponentialAverage(average) if average else None
    best, start = BestEpoch(patience), perf_counter()
    try:
        for epoch in range(1, epochs + 1):
            sums = step.run_epoch(batches)
            val_loss = val_accuracy = math.nan
            stop = False
            if not sums.diverged and validation is not None:
                began = perf_counter()
                step.swap_average()
                with np.errstate(over="ignore", invalid="ignore"):
                    val_loss, val_accuracy = validation(network)
                sums.diverged, sums.last_loss = not math.isfinite(val_loss), val_loss
                if not sums.diverged:
                    stop = best.update(network, epoch, val_loss, val_accuracy)
                step.swap_average()
                sums.evaluation = perf_counter() - began
            if sums.diverged:
                yield Diverged(epoch, step.n_steps, sums.last_loss)
                return
            yield EpochRecord(
                epoch=epoch,
                steps=sums.steps,
                train_loss=sums.loss / sums.examples,
                train_accuracy=sums.correct / sums.examples,
                val_loss=val_loss,
                val_accuracy=val_accuracy,
                learning_rate=sums.rate,
                data_s=sums.data,
                forward_s=sums.forward,
                backward_s=sums.backward,
                update_s=sums.update,
                evaluation_s=sums.evaluation,
                elapsed_s=perf_counter() - start,
                best_epoch=best.epoch,
            )
            if stop:
                return
    finally:
        step.swap_average()
        best.restore(network)


class _Step:
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
        optimizer: Optimizer,
        learning_rate: float,
        schedule: Callable[[int, int], float],
        total_steps: int,
    ) -> None:
        self.network, self.loss, self.optimizer = network, loss, optimizer
        self.learning_rate, self.schedule, self.total_steps = learning_rate, schedule, total_steps
        self.n_steps = 0
        self._weights = [
            p.value for layer in network.layers for p in layer.parameters() if p.is_weight
        ]

    def run_epoch(self, batches: Iterable[Batch]) -> _Epoch:
        """Take one pass over `batches`; stop at the first loss that is not finite."""
        sums, network = _Epoch(), self.network
        with np.errstate(over="ignore", invalid="ignore"):
            clock = perf_counter()
            for x, y in batches:
                targets = y
                if self.mixup is not None:
                    x, targets = self.mixup(x, self._rows(y))
                fetched = perf_counter()
                logits = network.forward(x, training=True)
                if y.ndim == 1:
                    sums.correct += int(np.count_nonzero(logits.argmax(axis=1) == y))
                value, gradient = self.loss(logits, targets)
                self.n_steps += 1
                if not math.isfinite(value):
                    sums.diverged, sums.last_loss = True, value
                    return sums
                went_forward = perf_counter()
                network.backward(gradient)
                went_back = perf_counter()
                sums.rate = self.learning_rate * self.schedule(self.n_steps - 1, self.total_steps)
                self._update(sums.rate)
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
        network = self.network
        if self.penalty is not None:
            self.penalty.add_gradient(network.weights, network.weight_gradients)
        if self.clip_norm is not None:
            clip_by_norm(network.gradients, self.clip_norm)
        self.optimizer.step(network.parameters, network.gradients, rate)
        if self.max_norm is not None:
            constrain_max_norm(self._weights, self.max_norm)
        if self.average is not None:
            self.average.update(network.parameters)

    def _rows(self, y: np.ndarray) -> np.ndarray:
        """Return class indices as one-hot rows."""
        rows = np.zeros((len(y), self.network.n_outputs), self.network.dtype)
        rows[np.arange(len(y)), y] = 1
        return rows
