"""Numbers are rounded to what their interval supports."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.results.text.rounding import (
    decimals,
    difference,
    p_value,
    ratio,
    seconds,
    signed,
)

NAN = math.nan


@pytest.mark.parametrize(
    ("half", "places"),
    # The Particle Data Group's own examples: 0.827 ± 0.119, 0.827 ± 0.367, and 1.0 for 0.963.
    [(0.119, 2), (0.367, 1), (0.963, 1), (0.0354, 3), (0.036, 2), (12.0, 0), (140.0, 0)],
)
def test_decimals_follow_the_particle_data_group(half: float, places: int) -> None:
    assert decimals(-half, half) == places


def test_without_an_interval_the_default_is_used() -> None:
    assert decimals(NAN, NAN) == 2
    assert decimals(1.0, 1.0, default=3) == 3


@given(value=st.floats(-50, 50), half=st.floats(1e-4, 50))
def test_a_difference_is_printed_within_half_a_unit_of_its_last_digit(
    value: float, half: float
) -> None:
    text = difference(value, value - half, value + half)
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", text.replace("−", "-"))]
    places = decimals(value - half, value + half)
    for shown, true in zip(numbers, (value, value - half, value + half), strict=True):
        assert abs(shown - true) <= 0.5001 * 10**-places
    # What is kept is finer than the interval, or the interval would be lost.
    assert 10**-places <= 2 * half or places == 4


@given(value=st.floats(-1e-3, 1e-3))
def test_what_rounds_to_zero_has_no_sign(value: float) -> None:
    text = signed(value, 1)
    assert text == "0.0"


def test_unknown_numbers_are_a_dash() -> None:
    dash = "–"
    assert [signed(NAN, 2), p_value(NAN), ratio(NAN), seconds(NAN)] == [dash] * 4


@given(p=st.floats(0, 1))
def test_a_p_value_is_never_zero(p: float) -> None:
    assert not re.fullmatch(r"0\.0+", p_value(p))


@given(value=st.floats(1e-4, 900))
def test_seconds_keep_three_digits_and_name_their_unit(value: float) -> None:
    number, unit = seconds(value).split()
    scale = {"s": 1.0, "ms": 1e-3}[unit]
    assert float(number) * scale == pytest.approx(value, rel=0.006)
    assert "e" not in number
