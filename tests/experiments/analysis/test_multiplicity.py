"""Holm's correction: worked example, gaps, familywise error."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.multiplicity import holm


def test_worked_example() -> None:
    # m = 4: 0.005·4, then 0.01·3, 0.03·2, and 0.04·1 raised to its predecessor's 0.06.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_gaps_are_no_members() -> None:
    adjusted = holm([0.01, np.nan, 0.04])

    assert np.isnan(adjusted[1])
    assert adjusted[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(holm([np.nan])).all()
    assert holm([]).shape == (0,)


def test_input_is_left_alone() -> None:
    p = np.array([0.01, 0.02])
    holm(p)

    assert p.tolist() == [0.01, 0.02]


def test_familywise_error_is_at_most_alpha() -> None:
    p = np.random.default_rng(0).random((5000, 18))
    for family in p[:20]:
        assert holm(family).min() == pytest.approx(min(1.0, 18 * family.min()))

    any_false = 18 * p.min(axis=1) < 0.05

    assert np.mean(any_false) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(p))
