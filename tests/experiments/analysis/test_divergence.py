"""Diverged runs: the exact sign test."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.analysis.divergence import Divergence, divergence


@pytest.mark.parametrize(("n_with", "n_without"), [(1, 0), (5, 0), (7, 2), (3, 3), (0, 12)])
def test_agrees_with_scipy(n_with: int, n_without: int) -> None:
    expected = stats.binomtest(n_with, n_with + n_without).pvalue

    assert Divergence(n_with, n_without, 0, 20).p == pytest.approx(expected)


def test_one_block_decides_nothing_and_none_says_nothing() -> None:
    assert Divergence(1, 0, 0, 1).p == 1.0
    assert Divergence(0, 0, 3, 5).p == 1.0
    assert not Divergence(0, 0, 3, 5).any_alone


def test_a_side_diverges_when_most_of_its_runs_do() -> None:
    diverged = np.array(
        [[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]], bool
    )
    weights = np.array([0.5, 0.5, -0.5, -0.5])

    found = divergence(diverged, np.ones_like(diverged), weights)

    assert found == Divergence(n_with=1, n_without=1, n_both=1, n_blocks=5)


def test_other_cells_do_not_count() -> None:
    diverged = np.ones((4, 3), bool) & [True, False, True]

    found = divergence(diverged, np.ones_like(diverged), np.array([0.0, 1.0, -1.0]))

    assert found == Divergence(n_without=4, n_blocks=4)


def test_type_one_error_is_at_most_alpha() -> None:
    rng = np.random.default_rng(0)
    for chance in (0.1, 0.5):
        for n in (5, 10, 40):
            lost = rng.random((2000, 2, n)) < chance
            alone = (lost[:, 0] & ~lost[:, 1]).sum(axis=1), (lost[:, 1] & ~lost[:, 0]).sum(axis=1)
            p = [Divergence(int(a), int(b), 0, n).p for a, b in zip(*alone, strict=True)]
            assert np.mean(np.array(p) < 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)
