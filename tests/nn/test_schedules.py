"""Schedules: ends and middles by hand, and warm-up in front."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn


@pytest.mark.parametrize(
    ("name", "options", "values"),
    [
        ("constant", {}, {0: 1, 50: 1, 99: 1}),
        ("step", {"factor": 0.1, "n_drops": 1}, {0: 1, 49: 1, 50: 0.1, 99: 0.1}),
        ("exponential", {"final": 0.01}, {0: 1, 50: 0.1, 100: 0.01}),
        ("inverse_time", {"rate": 2}, {0: 1, 50: 0.5, 100: 1 / 3}),
        ("cosine", {"final": 0.1}, {0: 1, 50: 0.55, 100: 0.1}),
        ("cosine", {}, {25: (1 + math.sqrt(0.5)) / 2}),
        ("one_cycle", {"rise": 0.5, "start": 0.2, "final": 0.0}, {0: 0.2, 25: 0.6, 50: 1, 75: 0.5}),
    ],
)
def test_by_hand(name, options, values):
    for step, expected in values.items():
        assert nn.SCHEDULES[name](step, 100, **options) == pytest.approx(expected)


def test_warmup_rises_and_hands_over():
    warmed = nn.warmup(nn.SCHEDULES["cosine"], 10)
    assert [warmed(k, 110) for k in (0, 4, 9, 10, 60)] == pytest.approx([0.1, 0.5, 1, 1, 0.5])


@given(st.sampled_from(sorted(nn.SCHEDULES)), st.integers(1, 500), st.data())
def test_multipliers_lie_between_zero_and_one(name, total, data):
    step = data.draw(st.integers(0, total - 1))
    assert 0 <= nn.SCHEDULES[name](step, total) <= 1
