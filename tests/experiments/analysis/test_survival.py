"""Survival: Kaplan–Meier, restricted mean, share that reached the target."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from experiments.analysis.survival import summarize, survival_curve


def test_curve_without_misses_is_the_empirical_one() -> None:
    steps, alive = survival_curve(np.array([3.0, 1.0, 1.0, 2.0]), horizon=5.0)

    assert steps.tolist() == [0, 1, 2, 3]
    assert alive == pytest.approx([1, 0.5, 0.25, 0])


@pytest.mark.parametrize(
    ("times", "n_reached", "median", "mean"),
    [
        ([1.0, 2.0, 3.0], 3, 2.0, 2.0),
        ([1.0, 2.0, inf], 2, 2.0, 7 / 3),
        ([1.0, inf, inf], 1, inf, 3.0),
        ([inf, inf], 0, inf, 4.0),
        ([4.0, 4.0], 2, 4.0, 4.0),
        ([1.0, 3.0], 2, 1.0, 2.0),
    ],
)
def test_summary(times: list[float], n_reached: int, median: float, mean: float) -> None:
    found = summarize(np.array(times), horizon=4.0)

    assert (found.n, found.n_reached, found.median) == (len(times), n_reached, median)
    assert found.share_reached == n_reached / len(times)
    assert found.restricted_mean == pytest.approx(mean)


def test_restricted_mean_is_the_mean_of_the_smaller() -> None:
    times = np.random.default_rng(0).exponential(2.0, 30)

    found = summarize(times, horizon=3.0)

    assert found.restricted_mean == pytest.approx(np.minimum(times, 3.0).mean())
    assert found.n_reached == np.sum(times <= 3.0)


def test_the_curve_is_kaplan_and_meiers() -> None:
    times = np.random.default_rng(0).integers(1, 9, 40).astype(float)
    hit = times <= 5
    reference = SurvfuncRight(np.where(hit, times, 5), hit.astype(int))
    steps, alive = survival_curve(np.where(hit, times, inf), horizon=5.0)

    assert steps[1:].tolist() == reference.surv_times.tolist()
    assert alive[1:] == pytest.approx(reference.surv_prob)


def test_no_run_gives_nan() -> None:
    found = summarize(np.empty(0), horizon=1.0)

    assert found.n == 0
    assert np.isnan([found.median, found.restricted_mean]).all()


# Weeks of remission under placebo in the 6-MP trial (Freireich 1963; Gehan 1965), no censoring.
REMISSION = np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], float)


def test_the_textbook_curve() -> None:
    steps, alive = survival_curve(REMISSION, horizon=23.0)

    # Kalbfleisch and Prentice (2002), table 1.2: S(t) at 1, 2, 3, 4, 5, 8, 11, 12, 15, 17, 22, 23.
    printed = [0.905, 0.810, 0.762, 0.667, 0.571, 0.381, 0.286, 0.190, 0.143, 0.095, 0.048, 0.0]
    assert steps.tolist() == [0, 1, 2, 3, 4, 5, 8, 11, 12, 15, 17, 22, 23]
    assert alive[1:] == pytest.approx(printed, abs=6e-4)
    found = summarize(REMISSION, horizon=23.0)
    assert (found.median, found.n_reached) == (8.0, 21)
    assert found.restricted_mean == pytest.approx(182 / 21)


def test_censoring_at_the_horizon_leaves_the_textbook_median() -> None:
    found = summarize(np.where(REMISSION > 10, inf, REMISSION), horizon=10.0)

    assert (found.median, found.n_reached) == (8.0, 13)
    assert found.restricted_mean == pytest.approx((59 + 8 * 10) / 21)
