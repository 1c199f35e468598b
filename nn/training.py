"""The training loop: a generator of epoch records."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import numpy as np

from nn.network import Network
from nn.optimizers.optimizer import Optimizer
from nn.penalties import L2

Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]
Schedule = Callable[[int, int], float]
Validation = Callable[[Network], tuple[float, float]]


class Batches(Protocol):
    """Mini-batches: each iteration is one epoch of pairs (x, y)."""

    def __len__(self) -> int:
        """How many batches an epoch has."""

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield (x, y), valid until the next pair."""


@dataclass(frozen=True)
class EpochRecord:
    """One epoch: means over its training batches, validation at its end, wall seconds by phase.

    `data_s` holds gathering and augmentation; `elapsed_s` counts from the start of training,
    evaluation included.
    """

    epoch: int
    steps: int
    train_loss: float
    train_accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    data_s: float
    forward_s: float
    backward_s: float
    update_s: float
    evaluation_s: float
    elapsed_s: float


@dataclass(frozen=True)
class Diverged:
    """Training ended: the loss at this step (from 1, within this epoch) is not finite."""

    epoch: int
    step: int
    loss: float


def evaluate(network: Network, loss: Loss, x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the mean loss and the accuracy over all rows, in evaluation mode."""
    total, hits = 0.0, 0
    for rows in network.chunks(len(x)):
        logits = network.forward(x[rows])
        value, _ = loss(logits, y[rows])
        total += value * len(logits)
        hits += int(np.count_nonzero(logits.argmax(axis=1) == y[rows]))
    return total / len(x), hits / len(x)


class _BestParameters:
    """The parameters of the epoch with the highest validation accuracy, then lowest loss."""

    def __init__(self, network: Network) -> None:
        self._network, self._saved = network, network.parameters.copy()
        self._rank = (-math.inf, -math.inf)

    def offer(self, record: EpochRecord) -> None:
        rank = (record.val_accuracy, -record.val_loss)
        if rank > self._rank:
            self._rank = rank
            np.copyto(self._saved, self._network.parameters)

    def restore(self) -> None:
        np.copyto(self._network.parameters, self._saved)


def train(
    network: Network,
    loss: Loss,
    optimizer: Optimizer,
    batches: Batches,
    *,
    learning_rate: float,
    epochs: int,
    schedule: Schedule,
    validation: Validation,
    penalty: L2 | None = None,
) -> Iterator[EpochRecord | Diverged]:
    """Train a network in place and yield a record after each epoch.

    When the generator is exhausted the network holds the parameters of its best epoch by
    validation accuracy; after `Diverged` it holds what the last step left.

    Parameters
    ----------
    network : Network
        Trained in place.
    loss : callable
        (logits, targets) -> (value, gradient).
    optimizer : Optimizer
        Made for as many parameters as the network has.
    batches : Batches
        The training part.
    learning_rate : float
        Base rate, multiplied by the schedule.
    epochs : int
        Passes over the training part.
    schedule : callable
        (step, total steps) -> multiplier.
    validation : callable
        Network -> (loss, accuracy) on validation data.
    penalty : L2, optional
        Its gradient is added to that of the weights; the losses recorded leave it out.

    Yields
    ------
    EpochRecord or Diverged
        A `Diverged` is the last.
    """
    started, step, total_steps = perf_counter(), 0, epochs * len(batches)
    best, rate = _BestParameters(network), learning_rate
    for epoch in range(1, epochs + 1):
        data = forward = backward = update = 0.0
        loss_sum, hits, examples = 0.0, 0, 0
        mark = perf_counter()
        for epoch_step, (x, y) in enumerate(batches, start=1):
            gathered = perf_counter()
            logits = network.forward(x, training=True)
            value, gradient = loss(logits, y)
            hits += int(np.count_nonzero(logits.argmax(axis=1) == y))
            propagated = perf_counter()
            if not math.isfinite(value):
                yield Diverged(epoch, epoch_step, value)
                return
            network.backward(gradient)
            if penalty is not None:
                penalty.add_gradient(network.weights, network.weight_gradients)
            differentiated = perf_counter()
            rate = learning_rate * schedule(step, total_steps)
            optimizer.step(network.parameters, network.gradients, rate)
            step += 1
            loss_sum += value * len(y)
            examples += len(y)
            updated = perf_counter()
            data += gathered - mark
            forward += propagated - gathered
            backward += differentiated - propagated
            update += updated - differentiated
            mark = updated
        mark = perf_counter()
        val_loss, val_accuracy = validation(network)
        now = perf_counter()
        record = EpochRecord(
            epoch=epoch,
            steps=step,
            train_loss=loss_sum / examples,
            train_accuracy=hits / examples,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            learning_rate=rate,
            data_s=data,
            forward_s=forward,
            backward_s=backward,
            update_s=update,
            evaluation_s=now - mark,
            elapsed_s=now - started,
        )
        best.offer(record)
        yield record
    best.restore()
