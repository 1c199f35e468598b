"""Sign flips: exact values, the Monte Carlo branch, type-I error."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import permutation_test

from experiments.analysis.permutation import sign_flip_p


def test_agrees_with_enumeration() -> None:
    d = np.array([0.5, -0.2, 0.9, 0.4, 0.1, 0.7])
    flipped = [abs(np.dot(signs, d)) for signs in product((1, -1), repeat=6)]
    expected = np.mean(np.array(flipped) >= abs(d.sum()) - 1e-12)

    assert sign_flip_p(d, rng=np.random.default_rng(0)) == pytest.approx(expected)


@pytest.mark.parametrize("n", [2, 5, 12, 13, 14, 40])
def test_agrees_with_scipy_draw_for_draw(n: int) -> None:
    d = np.random.default_rng(n).standard_normal(n) + 0.3
    rng, reference = np.random.default_rng(1), np.random.default_rng(1)
    test = permutation_test((d,), np.mean, permutation_type="samples", rng=reference)

    assert sign_flip_p(d, rng=rng) == test.pvalue
    assert rng.random() == reference.random()


@pytest.mark.parametrize(("n", "floor"), [(3, 0.25), (5, 0.0625), (10, 2**-9)])
def test_smallest_p(n: int, floor: float) -> None:
    assert sign_flip_p(np.arange(1.0, n + 1), rng=np.random.default_rng(0)) == floor


@pytest.mark.parametrize("n", [3, 5, 10])
def test_type_one_error_is_at_most_alpha(n: int) -> None:
    rng, n_simulations = np.random.default_rng(n), 300
    p = np.array([sign_flip_p(rng.standard_t(3, n), rng=rng) for _ in range(n_simulations)])

    assert np.mean(p <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / n_simulations)


def test_many_differences_are_sampled_reproducibly() -> None:
    d = np.random.default_rng(1).standard_normal(20) + 0.4
    first = sign_flip_p(d, rng=np.random.default_rng(2))

    assert first == sign_flip_p(d, rng=np.random.default_rng(2))
    assert first == pytest.approx(sign_flip_p(d, rng=np.random.default_rng(3)), abs=0.02)
    assert sign_flip_p(d + 9, rng=np.random.default_rng(2)) > 0  # never zero by luck


def test_edges() -> None:
    rng = np.random.default_rng(0)

    assert np.isnan(sign_flip_p(np.empty(0), rng=rng))
    assert sign_flip_p(np.zeros(4), rng=rng) == 1.0
    assert sign_flip_p(np.array([0.3]), rng=rng) == 1.0
