"""TOST: agreement with statsmodels, duality with the interval, error at the margin."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from experiments.analysis.equivalence import tost_p
from experiments.analysis.paired import paired_t


def test_agrees_with_statsmodels() -> None:
    d = np.array([0.02, -0.05, 0.04, 0.01, 0.06])

    assert tost_p(d, margin=0.1) == pytest.approx(DescrStatsW(d).ttost_mean(-0.1, 0.1)[0])


def test_passes_exactly_when_the_90_percent_interval_lies_inside() -> None:
    rng = np.random.default_rng(0)
    for d in rng.normal(0.3, 0.5, (200, 5)):
        inside = paired_t(d, confidence=0.9)
        assert (tost_p(d, margin=1.0) < 0.05) == (inside.ci_low > -1 and inside.ci_high < 1)


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("truth", [-1.0, 1.0])
def test_false_equivalence_at_the_margin_is_at_most_alpha(n: int, truth: float) -> None:
    rng, n_simulations = np.random.default_rng(n), 300
    p = np.array([tost_p(rng.normal(truth, 0.4, n), margin=1.0) for _ in range(n_simulations)])

    assert np.mean(p < 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / n_simulations)


def test_sides_are_interchangeable() -> None:
    d = np.array([0.02, -0.05, 0.04])

    assert tost_p(d, margin=0.1) == pytest.approx(tost_p(-d, margin=0.1))


def test_edges() -> None:
    assert np.isnan(tost_p(np.array([0.01]), margin=0.1))
    assert np.isnan(tost_p(np.full(3, 0.05), margin=0.1))
    assert np.isnan(tost_p(np.zeros(3), margin=0.1))  # ties prove nothing
    assert tost_p(np.zeros(3), margin=0.1, identical=True) == 0.0
    assert np.isnan(tost_p(np.zeros(1), margin=0.1, identical=True))


def test_the_least_spread_counts() -> None:
    d = np.array([0.02, -0.05, 0.04])

    assert tost_p(d, margin=0.1, least_sd=0.01) == tost_p(d, margin=0.1)
    assert tost_p(d, margin=0.1, least_sd=1.0) > 0.4
