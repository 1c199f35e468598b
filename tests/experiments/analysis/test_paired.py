"""Student's t interval: worked example, edge cases, coverage and type-I error by simulation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from experiments.analysis.paired import PairedEstimate, paired_t

N_SIMULATIONS = 1000
Draw = Callable[[np.random.Generator, int], np.ndarray]


def _normal(rng: np.random.Generator, n: int) -> np.ndarray:
    return 0.2 + rng.standard_normal(n)


def _accuracy_of_360_images(rng: np.random.Generator, n: int) -> np.ndarray:
    return (rng.binomial(360, 0.985, n) - rng.binomial(360, 0.98, n)) / 360


def _restricted_seconds(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.minimum(rng.exponential(3.0, n), 10.0) - np.minimum(rng.exponential(3.0, n), 10.0)


def _one_cell(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.binomial(360, 0.98, n) / 360


CASES: list[tuple[Draw, float]] = [
    (_normal, 0.2),
    (_accuracy_of_360_images, 0.005),
    (_restricted_seconds, 0.0),
    (_one_cell, 0.98),
]


def test_worked_example() -> None:
    # The sleep data of Student (1908): mean difference 1.58 h, t = 4.062, p = 0.00283.
    sleep = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])

    estimate = paired_t(sleep)

    assert estimate.mean == pytest.approx(1.58)
    assert estimate.p == pytest.approx(0.00283, abs=1e-5)
    assert (estimate.ci_low, estimate.ci_high) == pytest.approx((0.7001, 2.4599), abs=1e-4)
    assert estimate.d_z == pytest.approx(4.0621 / np.sqrt(10), abs=1e-4)
    for end, tail in ((estimate.d_z_low, 0.975), (estimate.d_z_high, 0.025)):
        assert stats.nct.cdf(4.0621, 9, end * np.sqrt(10)) == pytest.approx(tail, abs=1e-3)


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize(("draw", "truth"), CASES)
def test_interval_covers(draw: Draw, truth: float, n: int) -> None:
    rng = np.random.default_rng(n)
    made = [paired_t(draw(rng, n)) for _ in range(N_SIMULATIONS)]
    printed = [e for e in made if not np.isnan(e.ci_low)]

    hits = [e.ci_low - 1e-12 <= truth <= e.ci_high + 1e-12 for e in printed]

    assert np.mean(hits) >= 0.93


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("truth", [0.0, 0.8, 4.0])
def test_interval_of_the_standardised_difference_covers(truth: float, n: int) -> None:
    rng = np.random.default_rng(n)
    made = [paired_t(truth + rng.standard_normal(n)) for _ in range(N_SIMULATIONS)]

    assert np.mean([e.d_z_low <= truth <= e.d_z_high for e in made]) >= 0.93


@pytest.mark.parametrize("n", [3, 5, 10])
def test_type_one_error_is_at_most_alpha(n: int) -> None:
    rng = np.random.default_rng(n)

    p = np.array([paired_t(rng.standard_normal(n)).p for _ in range(N_SIMULATIONS)])

    assert np.mean(p < 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / N_SIMULATIONS)


def test_a_percentile_bootstrap_would_not_cover() -> None:
    rng = np.random.default_rng(0)
    samples = rng.standard_normal((N_SIMULATIONS, 5))
    drawn = rng.integers(5, size=(N_SIMULATIONS, 400, 5))
    means = np.take_along_axis(samples[:, None], drawn, axis=2).mean(axis=2)

    low, high = np.percentile(means, [2.5, 97.5], axis=1)

    assert np.mean((low <= 0) & (high >= 0)) < 0.90


def test_swapping_the_sides_flips_every_sign() -> None:
    d = np.array([0.3, -0.1, 0.5, 0.2])
    one, other = paired_t(d), paired_t(-d)

    assert other.mean == -one.mean
    assert (other.ci_low, other.ci_high) == pytest.approx((-one.ci_high, -one.ci_low))
    assert other.p == pytest.approx(one.p)
    assert other.d_z == -one.d_z
    assert (other.d_z_low, other.d_z_high) == pytest.approx((-one.d_z_high, -one.d_z_low))


@pytest.mark.parametrize("d", [[], [0.3]])
def test_fewer_than_two_differences_give_no_interval(d: list[float]) -> None:
    estimate = paired_t(np.array(d))

    assert estimate.n == len(d)
    assert np.isnan([estimate.ci_low, estimate.ci_high, estimate.p, estimate.d_z]).all()


def test_identical_runs_are_a_difference_of_exactly_zero() -> None:
    found = paired_t(np.zeros(4), identical=True)

    assert found == PairedEstimate(4, *[0.0] * 4, 1.0, *[0.0] * 3)


def test_equal_counts_are_no_proof() -> None:
    tied = paired_t(np.zeros(4))

    assert (tied.mean, tied.sd) == (0.0, 0.0)
    assert np.isnan([tied.ci_low, tied.ci_high, tied.p, tied.d_z]).all()


def test_the_least_spread_widens_the_interval_and_nothing_else() -> None:
    d = np.array([0.3, -0.1, 0.5, 0.2])
    wide = paired_t(d, least_sd=1.0)

    assert wide.mean == paired_t(d).mean
    assert wide.sd == 1.0
    assert wide.ci_high - wide.mean == pytest.approx(stats.t.ppf(0.975, 3) / 2)
    assert paired_t(d, least_sd=0.01) == paired_t(d)


def test_one_repeated_difference_is_never_certain() -> None:
    estimate = paired_t(np.array([0.1 + 0.2, 0.3, 0.3]))  # differ in the last bit

    assert estimate.mean == pytest.approx(0.3)
    assert np.isnan([estimate.ci_low, estimate.ci_high, estimate.p]).all()


def test_other_confidence() -> None:
    d = np.array([0.01, 0.02, 0.04])
    narrow = paired_t(d, confidence=0.9)

    half = stats.t.ppf(0.95, 2) * d.std(ddof=1) / np.sqrt(3)
    assert narrow.ci_high - narrow.mean == pytest.approx(half)
