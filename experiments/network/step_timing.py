"""Time the training steps of a baseline and of its variants in turn, in one process."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice, repeat
from time import perf_counter, process_time

import numpy as np

from data_loaders.datasets import Dataset
from experiments.network.network_recipe import NetworkRecipe
from experiments.network.train_network import Ready
from experiments.run.execute import task_of
from experiments.run.run_spec import RunSpec
from nn.records import Diverged, EpochRecord
from nn.stepper import Batch
from nn.training import Batches

Training = Iterator[object]
_CALIBRATION_STEPS = 4


class Burst:
    """Batches whose every iteration is the next `n_steps` ones, epoch after epoch."""

    def __init__(self, batches: Batches, n_steps: int) -> None:
        self._endless = chain.from_iterable(repeat(batches))
        self._n_steps = n_steps

    def __iter__(self) -> Iterator[Batch]:
        """Yield the next batches."""
        return islice(self._endless, self._n_steps)

    def __len__(self) -> int:
        """How many steps a burst has."""
        return self._n_steps


@dataclass(frozen=True)
class Bench:
    """What every training that is timed in this process shares.

    Parameters
    ----------
    dataset : Dataset
        Read wholly into memory by the first training that is built.
    seed, replicate : int
        Name the streams; replicates differ in split, initial weights and order.
    """

    dataset: Dataset
    seed: int
    replicate: int

    def training(
        self, recipe: NetworkRecipe, *, n_steps: int, n_bursts: int
    ) -> Iterator[EpochRecord | Diverged]:
        """Return a training that takes `n_steps` steps each time it is advanced.

        A step is what a run of the study does between two validations: gather and augment the
        batch, forward, loss, backward, update.

        Raises
        ------
        ValueError
            If the recipe has no learning rate.
        """
        ready = Ready.of(recipe, task_of(self._spec(recipe), self.dataset))
        return ready.train(batches=Burst(ready.batches, n_steps), epochs=n_bursts)

    def steps_in(self, seconds: float, recipe: NetworkRecipe) -> int:
        """Return how many steps of a recipe take about so many CPU seconds, at least one."""
        training = self.training(recipe, n_steps=_CALIBRATION_STEPS, n_bursts=4)
        # The first burst meets cold memory.
        fastest = min([time_burst(training)[0] for _ in range(4)][1:])
        if math.isnan(fastest):
            raise ValueError(
                f"the baseline — must train for {4 * _CALIBRATION_STEPS} steps to be timed — its "
                "loss became infinite before. Lower its learning rate."
            )
        return max(1, math.ceil(seconds * _CALIBRATION_STEPS / fastest))

    def _spec(self, recipe: NetworkRecipe) -> RunSpec:
        return RunSpec(
            study="timing",
            dataset=self.dataset.name,
            cell="timing",
            arm="cell",
            levels={},
            recipe=recipe,
            replicate=self.replicate,
            seed=self.seed,
            content_hash=self.dataset.content_hash,
            source_digest="",
        )


@dataclass(frozen=True)
class Round:
    """One variant against the baseline once: CPU and wall seconds of two bursts each.

    NaN when one of the two had diverged.
    """

    variant: str
    number: int
    baseline_cpu_s: float
    baseline_wall_s: float
    cpu_s: float
    wall_s: float


def time_burst(training: Training) -> tuple[float, float]:
    """Advance a training once; return CPU and wall seconds, NaN when it has diverged."""
    wall, cpu = perf_counter(), process_time()
    record = next(training, None)
    cpu, wall = process_time() - cpu, perf_counter() - wall
    if record is None or isinstance(record, Diverged):
        return math.nan, math.nan
    return cpu, wall


def time_rounds(
    pairs: Mapping[str, tuple[Training, Training]],
    *,
    n_rounds: int,
    warm_up: int,
    rng: np.random.Generator,
) -> list[Round]:
    """Time every variant against the baseline in each round, and drop the first rounds.

    Within a round the pairs come in random order, and each is timed in the order ABBA or BAAB
    (A the baseline), drawn at random: a machine that steadily slows down or speeds up, and what
    the one leaves in the caches for the other, weigh on both sides alike.

    Parameters
    ----------
    pairs : mapping of str to (baseline, variant)
        Iterators of which each advance is one burst; each needs 2 (`warm_up` + `n_rounds`).
        Every pair has a baseline of its own: one that all pairs shared would always be found in
        the caches, and its variants not (0.2 % on a step of 42 µs, measured).
    n_rounds, warm_up : int
        Rounds that count, rounds before them that do not.
    rng : Generator
        Draws the orders.
    """
    names, rounds = list(pairs), []
    for number in range(-warm_up, n_rounds):
        for name in (names[i] for i in rng.permutation(len(names))):
            order = (0, 1, 1, 0) if rng.integers(2) else (1, 0, 0, 1)
            seconds = np.zeros((2, 2))
            for side in order:
                seconds[side] += time_burst(pairs[name][side])
            if number >= 0:
                rounds.append(Round(name, number, *seconds.ravel().tolist()))
    return rounds
