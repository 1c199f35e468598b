"""What a study can see: floors of tests, power, sentences."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestPower

from experiments.analysis.feasibility import (
    feasibility,
    minimum_detectable_effect,
    pairs_needed,
    power,
    sd_of_differences,
    smallest_p,
)


@pytest.mark.parametrize(("n", "floor"), [(3, 0.25), (5, 0.0625), (6, 0.03125)])
def test_floor_of_wilcoxon(n: int, floor: float) -> None:
    assert smallest_p("wilcoxon", n) == floor
    assert stats.wilcoxon(np.arange(1.0, n + 1)).pvalue == floor


def test_floor_grows_with_the_family() -> None:
    assert smallest_p("sign-flip", 10, 18) == pytest.approx(18 / 512)
    assert smallest_p("sign-flip", 3, 18) == 1.0
    assert smallest_p("sign-flip", 0) == 1.0
    assert (smallest_p("t", 2, 18), smallest_p("t", 1)) == (0.0, 1.0)


@pytest.mark.parametrize("n", [3, 5, 10, 48])
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


def test_pairs_needed_on_mnist() -> None:
    sd = sd_of_differences(0.07)

    assert [pairs_needed(effect, sd) for effect in (0.1, 0.2, 0.5)] == [10, 5, 3]
    assert pairs_needed(0.001, sd, most=20) is None


def test_spread_of_a_mean_of_pairs() -> None:
    assert sd_of_differences(0.1, correlation=0.5) == pytest.approx(0.1)
    assert sd_of_differences(0.1, correlation=0.5, n_pairs=16) == pytest.approx(0.025)


def _said(n: int, m: int, sd: float) -> str:
    (found,) = feasibility(
        {"mnist": sd}, family="components", n_replicates=n, n_comparisons=m, margins={"mnist": 0.1}
    )
    return " ".join(found.sentences)


def test_sentences_say_what_cannot_be_reached() -> None:
    assert "cannot reach significance" in _said(5, 1, 0.02)
    assert "cannot reach significance" not in _said(10, 1, 0.02)
    assert "will often stay inconclusive" in _said(5, 18, 0.1)
    assert "will often stay inconclusive" not in _said(10, 1, 0.02)
    assert _said(1, 18, 0.1).endswith("plan at least two.")


def test_one_replicate_detects_nothing() -> None:
    assert minimum_detectable_effect(0.1, 1) == inf
