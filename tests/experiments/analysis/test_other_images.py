"""Nadeau and Bengio's interval: worked example and coverage over re-splits of one dataset."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.analysis.paired import paired_t


def test_worked_example() -> None:
    d = np.array([0.3, -0.1, 0.5, 0.2])
    low, high = paired_t(d).interval(0.95, extra=0.25)

    half = stats.t.ppf(0.975, 3) * d.std(ddof=1) * np.sqrt(1 / 4 + 0.25)
    assert (low, high) == pytest.approx((d.mean() - half, d.mean() + half))


def test_without_a_spread_there_is_none() -> None:
    assert np.isnan(paired_t(np.zeros(5)).interval(0.95, extra=0.25)).all()
    assert np.isnan(paired_t(np.array([0.1])).interval(0.95, extra=0.25)).all()


@pytest.mark.parametrize("n", [3, 5, 10])
def test_it_is_wider_than_students_by_the_known_factor_and_covers(n: int) -> None:
    rng = np.random.default_rng(n)
    covered, students = [], []
    for _ in range(800):
        pool = rng.normal(0, 1.0, 1797)
        tests = [rng.permutation(1797)[:360] for _ in range(n)]
        noise = 0.02 * rng.standard_normal(n)
        d = np.array([pool[test].mean() for test in tests]) + noise
        estimate = paired_t(d)
        low, high = estimate.interval(0.95, extra=360 / 1437)
        covered.append(low <= 0 <= high)
        students.append(estimate.ci_low <= 0 <= estimate.ci_high)

    assert np.mean(covered) >= 0.93
    assert np.mean(covered) > np.mean(students)
    if n == 10:
        assert np.mean(students) < 0.90
