"""The training loop: one record per epoch."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Generator, Iterator
from time import perf_counter
from typing import Protocol

import numpy as np

from nn.averaging import ExponentialAverage
from nn.early_stopping import BestEpoch, Keep
from nn.losses.loss import Loss
from nn.network import Network
from nn.optimizers.bound import BoundOptimizer
from nn.optimizers.optimizer import Optimizer
from nn.penalties.penalty import Penalty
from nn.records import Diverged, EpochRecord
from nn.schedules.constant import constant
from nn.stepper import Batch, Stepper

Validation = Callable[[Network], tuple[float, float]]


class Batches(Protocol):
    """Each iteration is one epoch of (x (n, d), y (n,)), views valid until the next batch."""

    def __iter__(self) -> Iterator[Batch]: ...
    def __len__(self) -> int: ...


class Training(Iterator[EpochRecord | Diverged]):
    """A training that goes on by one epoch each time it is advanced.

    One that is thrown away before its first epoch has trained nothing, and warns of it.
    """

    def __init__(self, epochs: Generator[EpochRecord | Diverged, None, None]) -> None:
        self._epochs, self._begun = epochs, False

    def __next__(self) -> EpochRecord | Diverged:
        self._begun = True
        return next(self._epochs)

    def close(self) -> None:
        """End the training here: the network gets the state of the epoch that is kept."""
        self._begun = True
        self._epochs.close()

    def __del__(self) -> None:
        if not self._begun:
            warnings.warn(
                "nn.train — trains one epoch per iteration — was never iterated, so nothing was "
                "trained. Loop over its records, or call nn.fit.",
                RuntimeWarning,
                stacklevel=2,
            )


def train(
    network: Network,
    loss: Loss,
    optimizer: Optimizer | BoundOptimizer,
    batches: Batches,
    *,
    epochs: int,
    learning_rate: float | None = None,
    schedule: Callable[[int, int], float] = constant,
    penalty: Penalty | None = None,
    clip_norm: float | None = None,
    max_norm: float | None = None,
    average: float | None = None,
    mixup: Callable[[np.ndarray, np.ndarray], Batch] | None = None,
    validation: Validation | None = None,
    patience: int | None = None,
    keep: Keep = "best",
) -> Training:
    """Return the training of `network` in place, epoch by epoch.

    Nothing is trained until the result is iterated; ``fit`` does both.

    Parameters
    ----------
    network, loss
        What is trained, on what.
    optimizer : Optimizer or BoundOptimizer
        By which rule; a bound one goes on with the state that it has.
    batches : re-iterable
        One iteration is one epoch; see ``Batches``.
    epochs : int
    learning_rate : float, optional
        Base rate, multiplied by ``schedule(step, total_steps)``; the optimizer's default if None.
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
        ``validation(network) -> (loss, accuracy)`` after each epoch.
    patience : int, optional
        Stop after so many epochs without a better one.
    keep : {"best", "last"}
        Which epoch's state the network holds when the training ends or is closed: the best by
        validation, or the last. Without validation it is the last.

    Returns
    -------
    Training
        Iterates over an `EpochRecord` per epoch; a `Diverged` is the last: a loss was not finite.
    """
    if isinstance(optimizer, Optimizer):
        optimizer = BoundOptimizer(optimizer, network)
    if learning_rate is None:
        learning_rate = optimizer.rule.default_learning_rate
    step = Stepper(network, loss, optimizer, learning_rate, schedule, epochs * len(batches))
    step.penalty, step.clip_norm, step.max_norm, step.mixup = penalty, clip_norm, max_norm, mixup
    step.average = ExponentialAverage(average) if average else None
    return Training(_epochs(step, batches, epochs, validation, BestEpoch(patience, keep)))


def _epochs(
    step: Stepper, batches: Batches, epochs: int, validation: Validation | None, best: BestEpoch
) -> Generator[EpochRecord | Diverged, None, None]:
    network, start = step.network, perf_counter()
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
