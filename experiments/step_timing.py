"""Time the training steps of a baseline and of its variants in turn, in one process."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, repeat
from time import perf_counter, process_time

import numpy as np

from data_loaders.datasets import Dataset
from data_loaders.scaling import Scaling
from data_loaders.split import Split, draw_split
from experiments.augment import mixer

# The private names are what a run is built with: a step that is timed is a step of a run.
from experiments.execute import Batches, _batches, _generator, _penalty, build_network
from experiments.recipe import Recipe
from experiments.run_spec import RunSpec
from experiments.streams import stream
from nn import warmup
from nn.records import Diverged, EpochRecord
from nn.stepper import Batch
from nn.training import train

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
        self, recipe: Recipe, *, n_steps: int, n_bursts: int
    ) -> Iterator[EpochRecord | Diverged]:
        """Return a training that takes `n_steps` steps each time it is advanced.

        A step is what a run of the study does between two validations: gather and augment the
        batch, forward, loss, backward, update.

        Raises
        ------
        ValueError
            If the recipe has no learning rate.
        """
        if recipe.learning_rate is None:
            raise ValueError("a timed recipe needs a learning rate; got none. Name one.")
        spec = self._spec(recipe)
        split, scaling = _parts(self.dataset, recipe.validation_fraction, self.seed, self.replicate)
        network = build_network(spec, self.dataset)
        batches = _batches(spec, self.dataset, split, scaling)
        return train(
            network,
            recipe.loss.make(),
            recipe.optimizer.make(network.n_parameters, n_weights=len(network.weights)),
            Burst(batches, n_steps),
            learning_rate=recipe.learning_rate,
            epochs=n_bursts,
            schedule=warmup(recipe.schedule.bound(), round(recipe.warmup * len(batches))),
            penalty=_penalty(recipe),
            clip_norm=recipe.clip_norm,
            max_norm=recipe.max_norm,
            average=recipe.average,
            mixup=mixer(recipe, rng=_generator(spec, "mixup")),
        )

    def steps_in(self, seconds: float, recipe: Recipe) -> int:
        """Return how many steps of a recipe take about so many CPU seconds, at least one."""
        training = self.training(recipe, n_steps=_CALIBRATION_STEPS, n_bursts=4)
        # The first burst meets cold memory.
        fastest = min([time_burst(training)[0] for _ in range(4)][1:])
        return max(1, math.ceil(seconds * _CALIBRATION_STEPS / fastest))

    def _spec(self, recipe: Recipe) -> RunSpec:
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


@lru_cache(maxsize=8)
def _parts(dataset: Dataset, fraction: float, seed: int, replicate: int) -> tuple[Split, Scaling]:
    rng = stream(seed, dataset.name, replicate, "evaluation", "split")
    split = draw_split(dataset, validation_fraction=fraction, rng=rng)
    return split, Scaling.fit(dataset.images, split.train)


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
