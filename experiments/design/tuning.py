"""Fair tuning: in every block the same number of quasirandom trials for every arm."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from experiments.design.designs import PLACEBO
from experiments.design.plan import Choices, Place, TuningArm, arms_of_cells, values_of
from experiments.design.run_source import digest_of
from experiments.design.study import Study
from experiments.errors import StudyError
from experiments.response import score, split_column
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec

_BASES = (2, 3, 5, 7, 11, 13)


def radical_inverse(i: int, base: int) -> float:
    """Return i with its digits mirrored at the point: the i-th van der Corput point, from 0.

    Examples
    --------
    >>> [radical_inverse(i, 2) for i in range(5)]
    [0.0, 0.5, 0.25, 0.75, 0.125]
    """
    value, step = 0.0, 1 / base
    while i:
        i, digit = divmod(i, base)
        value, step = value + digit * step, step / base
    return value


def trial_points(n: int, dimensions: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return n points of the unit cube: a randomly shifted Halton sequence.

    The shift gives every block trial points of its own.

    Returns
    -------
    array, shape (n, dimensions)

    References
    ----------
    Choi et al. (2019), On Empirical Comparisons of Optimizers for Deep Learning; Cranley and
    Patterson (1976), Randomization of number theoretic methods for multiple integration.
    """
    return (_halton(n, dimensions) + rng.random(dimensions)) % 1


@cache
def _halton(n: int, dimensions: int) -> NDArray[np.float64]:
    """Return the sequence itself, which all arms and blocks shift."""
    points = [[radical_inverse(i, base) for base in _BASES[:dimensions]] for i in range(n)]
    return np.array(points).reshape(n, dimensions)


@dataclass(frozen=True)
class Trial:
    """One tuning run and where it stands in the ledger."""

    arm: TuningArm
    trial: int
    spec: RunSpec

    @property
    def place(self) -> Place:
        """The arm and block that it tunes."""
        return self.arm.label, self.spec.replicate


def tuning_plan(
    study: Study, dataset: str, content_hash: str, choices: Choices, blocks: Mapping[str, int]
) -> Iterator[Trial]:
    """Yield the trials of one dataset, block by block: every arm's own in each of its blocks.

    A trial trains and validates on its block's split, from its block's initial weights; it never
    reads the test part. A rate is tuned without the strengths; strengths are tuned at the rate
    chosen so, and wait for it.

    Parameters
    ----------
    study, dataset, content_hash, choices
        As for `plan`.
    blocks : mapping
        Cell → how many blocks of it are planned; an arm is tuned in those of its cells.
    """
    arms = arms_of_cells(study, dataset, blocks)
    digests = {arm.label: digest_of(arm.recipe) for arm, _ in arms}
    for replicate in range(max((n for _, n in arms), default=0)):
        for arm, n_blocks in arms:
            if replicate < n_blocks:
                spec = RunSpec(
                    study=study.name,
                    dataset=dataset,
                    cell=arm.label,
                    arm="placebo" if arm.label == PLACEBO else "cell",
                    levels=arm.levels,
                    recipe=arm.recipe.shortened(study.tune.length),
                    replicate=replicate,
                    seed=study.seed,
                    content_hash=content_hash,
                    source_digest=digests[arm.label],
                    trial=True,
                )
                yield from _trials(study.tune.trials, arm, spec, choices)


def _trials(n: int, arm: TuningArm, plain: RunSpec, choices: Choices) -> Iterator[Trial]:
    """Yield an arm's trials in a block; `plain` is one without its values.

    The first takes the usual values: what someone who does not tune gets stands beside the best.
    """
    inherited, state = values_of(arm.base, choices, plain.replicate) if arm.base else ({}, "ready")
    rng = plain.generator(arm.purpose)
    points = trial_points(n - 1, len(arm.ranges), rng)
    tried = [{name: found.at(s) for (name, found), s in zip(arm.ranges.items(), point, strict=True)}
             for point in points]  # fmt: skip
    usual = {name: found.usual for name, found in arm.ranges.items()}
    for number, own in enumerate([usual, *tried]):
        values = {**inherited, **{name: plain.recipe.fitting(name, own[name]) for name in own}}
        recipe = plain.recipe.with_tuned(values) if state == "ready" else plain.recipe
        yield Trial(arm, number, replace(plain, recipe=recipe, tuned=values, state=state))


def judged(study: Study) -> Callable[[RunResult], float]:
    """Return what gives a trial's value: the study's response on its validation part, unscaled."""
    column, measure = f"val_{split_column(study.response)[1]}", study.measure

    def value(result: RunResult) -> float:
        if column in result.metrics:
            return result.metrics[column]
        return score(measure, result.validation_labels, result.validation_outputs)

    return value


def choose(trials: Iterable[Trial], results: Mapping[str, RunResult], study: Study) -> Choices:
    """Return the values of each arm in each block: those of the best trial on validation data.

    The best by the study's response, then the lowest validation loss. A trial that diverged or
    failed is not chosen; an arm without another one is not tuned in this block, nor is one whose
    base is not.

    Raises
    ------
    StudyError
        If a trial has no validation part to be judged on.
    """
    value, sign = judged(study), study.measure.sign
    best: dict[Place, tuple[float, float]] = {}
    chosen: dict[Place, Mapping[str, float] | None] = {}
    for trial in trials:
        result = results.get(trial.spec.run_key)
        if trial.spec.state == "not_tuned" or result is not None:
            chosen.setdefault(trial.place, None)
        if result is None or result.status != "ok":
            continue
        if "val_loss" not in result.metrics:
            raise StudyError(
                f"`study.recipe.validation_fraction` must be above 0 where "
                f"{', '.join(trial.arm.ranges)} is tuned: it is chosen on validation data; got "
                f"{trial.spec.recipe.validation_fraction:g} on {trial.spec.dataset}."
            )
        reached = sign * value(result)
        found = (-math.inf if math.isnan(reached) else reached, -result.metrics["val_loss"])
        if trial.place not in best or found > best[trial.place]:
            best[trial.place], chosen[trial.place] = found, trial.spec.tuned
    return chosen
