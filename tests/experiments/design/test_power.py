"""Power of t and TOST: agreement with statsmodels and with simulation."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestPower

from experiments.analysis.equivalence import tost_p
from experiments.design.power import equivalence_power, minimum_detectable_effect, power


@pytest.mark.parametrize("n", [3, 5, 10, 20])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 18])
def test_power_agrees_with_statsmodels(n: int, alpha: float) -> None:
    expected = TTestPower().power(0.9, nobs=n, alpha=alpha)

    assert power(0.9, sd=1.0, n_pairs=n, alpha=alpha) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("n", [2, 3, 5, 10, 50])
@pytest.mark.parametrize("m", [1, 18, 96])
def test_detectable_effect_has_its_power(n: int, m: int) -> None:
    effect = minimum_detectable_effect(0.2, n, n_comparisons=m)

    assert power(effect, sd=0.2, n_pairs=n, alpha=0.05 / m) == pytest.approx(0.8, abs=1e-3)
    assert minimum_detectable_effect(0.4, n, n_comparisons=m) == pytest.approx(2 * effect)


def test_power_is_what_a_simulation_finds() -> None:
    rng = np.random.default_rng(0)
    effect = minimum_detectable_effect(1.0, 5)
    p = stats.ttest_1samp(rng.normal(effect, 1.0, (4000, 5)), 0, axis=1).pvalue

    assert np.mean(p < 0.05) == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(("n", "margin"), [(3, 2.0), (5, 1.0), (10, 0.7), (40, 0.5)])
def test_power_of_equivalence_is_what_a_simulation_finds(n: int, margin: float) -> None:
    rng = np.random.default_rng(n)
    p = np.array([tost_p(rng.normal(0, 1, n), margin=margin) for _ in range(3000)])

    expected = equivalence_power(margin, sd=1.0, n_pairs=n)

    assert np.mean(p < 0.05) == pytest.approx(expected, abs=0.03)


def test_no_margin_that_is_too_narrow_can_be_shown() -> None:
    assert equivalence_power(0.01, sd=1.0, n_pairs=3) < 0.01
    assert equivalence_power(10.0, sd=1.0, n_pairs=40) == pytest.approx(1)


def test_one_replicate_detects_nothing() -> None:
    assert minimum_detectable_effect(0.1, 1) == inf
