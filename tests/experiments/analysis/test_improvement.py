"""Probability of improvement: worked examples and coverage by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.analysis.improvement import probability_of_improvement

N_SIMULATIONS = 1000


def _coverage(draws: list[np.ndarray], truth: float) -> float:
    made = [probability_of_improvement(d) for d in draws]
    return float(np.mean([m.low <= truth <= m.high for m in made]))


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("shift", [0.0, 0.7, 2.0])
def test_interval_covers_for_single_pairs(n: int, shift: float) -> None:
    rng = np.random.default_rng(n)
    draws = [shift + rng.standard_normal(n) for _ in range(N_SIMULATIONS)]

    assert _coverage(draws, stats.norm.cdf(shift)) >= 0.93


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("shared", [0.0, 0.5, 0.95])
def test_interval_covers_whatever_the_correlation_inside_a_block(n: int, shared: float) -> None:
    rng = np.random.default_rng(n)
    draws = [
        0.5
        + np.sqrt(shared) * rng.standard_normal((n, 1))
        + np.sqrt(1 - shared) * rng.standard_normal((n, 16))
        for _ in range(N_SIMULATIONS)
    ]

    assert _coverage(draws, stats.norm.cdf(0.5)) >= 0.93


@pytest.mark.parametrize("n", [3, 5, 10])
def test_interval_covers_with_ties(n: int) -> None:
    rng = np.random.default_rng(n)
    draws = [np.round(0.4 + rng.standard_normal(n)) for _ in range(N_SIMULATIONS)]
    truth = stats.norm.sf(0.1) + 0.5 * (stats.norm.cdf(0.1) - stats.norm.cdf(-0.9))

    assert _coverage(draws, truth) >= 0.93


def test_whole_wins_give_the_interval_of_clopper_and_pearson() -> None:
    won = probability_of_improvement(np.array([1.0, 1.0, 1.0, -1.0, 1.0, -1.0]))
    exact = stats.binomtest(4, 6).proportion_ci(method="exact")

    assert won.probability == pytest.approx(4 / 6)
    assert (won.low, won.high) == pytest.approx((exact.low, exact.high))


def test_ties_count_half_and_swapping_sides_mirrors() -> None:
    d = np.array([[0.0, 1.0], [2.0, 1.0], [-1.0, 1.0]])
    one, other = probability_of_improvement(d), probability_of_improvement(-d)

    assert one.probability == pytest.approx((0.75 + 1 + 0.5) / 3)
    assert other.probability == pytest.approx(1 - one.probability)
    assert (other.low, other.high) == pytest.approx((1 - one.high, 1 - one.low))


def test_five_blocks_cannot_pass_one_half_and_six_can() -> None:
    assert probability_of_improvement(np.ones(5)).low < 0.5
    assert probability_of_improvement(np.ones(6)).low > 0.5


def test_no_block_gives_nan() -> None:
    assert np.isnan(probability_of_improvement(np.empty((0, 4))).probability)
