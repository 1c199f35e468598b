"""Simulated studies with looks: type-I error, false equivalence, coverage where they stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import special

from experiments.analysis.evidence import evidence
from experiments.analysis.looks import Course, judge
from experiments.analysis.multiplicity import holm
from experiments.analysis.paired import standard_error

Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]


def normal(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return rng.standard_normal(shape)


def t4(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return rng.standard_t(4, shape) / np.sqrt(2)


def heteroscedastic(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Blocks of a study are quiet or loud together, as splits are easy or hard."""
    loud = rng.choice([0.5, 1.5], size=(1, shape[1]))
    return rng.standard_normal(shape) * loud / np.sqrt(1.25)


def counts_of_360_images(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Differences of two error counts among 360 images, rate 3 %, in their own spread."""
    errors = rng.binomial(360, 0.03, (2, *shape))
    return (errors[0] - errors[1]) / np.sqrt(2 * 360 * 0.03 * 0.97)


@dataclass(frozen=True)
class Outcome:
    """Shares of studies, of intervals and of comparisons."""

    family_wise_error: float
    false_equivalence: float
    coverage: float
    decided: float
    mean_blocks: float


def simulate(
    draw: Draw,
    effects: Sequence[float],
    sds: Sequence[float],
    *,
    looks: Sequence[int],
    margin: float,
    n_studies: int,
    seed: int = 0,
) -> Outcome:
    """Run studies to their last look through the public rule.

    The interval of each comparison is that of the look at which it stopped, for the mean that
    the draw has there.
    """
    rng, k = np.random.default_rng(seed), len(looks)
    truth, spread = np.array(effects), np.array(sds)
    tally = np.zeros((n_studies, 5))
    for study in range(n_studies):
        values = truth[:, None] + spread[:, None] * draw(rng, (len(truth), looks[-1]))
        courses = [
            Course([evidence(row[:n], margin=margin, level=0.05 / k) for n in looks], k)
            for row in values
        ]
        standings = judge(courses)
        words = np.array([standing.word for standing in standings])
        stopped = np.array([looks[standing.look - 1] for standing in standings])
        halves = [_half(row[:n], 0.05 / k) for row, n in zip(values, stopped, strict=True)]
        means = [row[:n].mean() for row, n in zip(values, stopped, strict=True)]
        wrong = (words == "helps") & (truth <= 0) | (words == "hurts") & (truth >= 0)
        equal = (words == "equivalent") & (np.abs(truth) >= margin)
        halves = np.nan_to_num(halves, nan=np.inf)  # ties print no interval
        covered = np.abs(np.array(means) - truth) <= halves
        tally[study] = (
            wrong.any(), equal.any(), covered.mean(), (words != "").mean(), stopped.mean()
        )  # fmt: skip
    return Outcome(*tally.mean(axis=0))


def _half(values: np.ndarray, alpha: float) -> float:
    return float(special.stdtrit(len(values) - 1, 1 - alpha / 2)) * standard_error(values)


# Published spreads over blocks: six components on digits, MNIST and Fashion-MNIST.
SDS = [0.47, 0.47, 0.47, 0.24, 0.43, 0.74, *[0.06] * 3, 0.03, 0.06, 0.04]
SDS += [*[0.12] * 3, 0.08, 0.10, 0.08]
DRAWS = [normal, t4, heteroscedastic, counts_of_360_images]


def _main_study(draw, looks, scale=1.0, n_studies=60, effect=0.0):
    # One margin for all: spreads are put in units of their dataset's margin.
    margins = np.repeat([0.5, 0.1, 0.3], 6)
    sds = scale * np.array(SDS) / margins
    effects = np.full(18, effect)
    return simulate(draw, effects, sds, looks=looks, margin=1.0, n_studies=n_studies)


@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("looks", [(5,), (5, 10, 20, 40)])
def test_errors_and_coverage_in_short(draw, looks) -> None:
    null = _main_study(draw, looks, n_studies=40)
    edge = _main_study(draw, looks, n_studies=40, effect=1.0)

    assert null.family_wise_error <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 40)
    assert edge.false_equivalence <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 40)
    assert min(null.coverage, edge.coverage) >= 0.93


@pytest.mark.slow
@pytest.mark.parametrize("draw", DRAWS)
@pytest.mark.parametrize("scale", [1.0, 3.0])
@pytest.mark.parametrize(
    "looks", [(3,), (5,), (10,), (3, 6, 12), (5, 10), (5, 10, 20, 40)], ids=str
)
def test_errors_and_coverage(draw, looks, scale: float) -> None:
    n_studies = 300
    slack = 3 * np.sqrt(0.05 * 0.95 / n_studies)
    null = _main_study(draw, looks, scale, n_studies)
    edge = _main_study(draw, looks, scale, n_studies, effect=1.0)
    print(draw.__name__, looks, scale, null, edge)

    assert null.family_wise_error <= 0.05 + slack
    assert edge.false_equivalence <= 0.05 + slack
    assert min(null.coverage, edge.coverage) >= 0.93


@pytest.mark.slow
def test_looks_decide_more_than_five_blocks_for_less_than_forty() -> None:
    rng = np.random.default_rng(1)
    margins = np.repeat([0.5, 0.1, 0.3], 6)
    effects = np.array([0.23, 0.1, -0.38, 0.2, -0.75, -2.1, 0.16, 0.22, 0.24, 0.02, -0.06, 0.4])
    effects = np.append(effects, [-0.04, 0.36, 0.42, 0.06, -0.55, -0.81]) / margins
    sds = np.array(SDS) / margins
    shared = {"margin": 1.0, "n_studies": 300, "seed": int(rng.integers(100))}
    looked = simulate(normal, effects, sds, looks=(5, 10, 20, 40), **shared)
    plain = simulate(normal, effects, sds, looks=(5,), **shared)
    print(looked, plain)

    assert looked.decided > plain.decided
    assert looked.mean_blocks < 20


@pytest.mark.slow
def test_naive_peeking_errs_far_too_often() -> None:
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(400):
        values = rng.standard_normal((18, 40))
        for n in (5, 10, 20, 40):
            p = [evidence(row[:n], margin=1.0, level=0.05).p for row in values]
            if (holm(p) < 0.05).any():
                wrong += 1
                break

    assert wrong / 400 > 0.08
