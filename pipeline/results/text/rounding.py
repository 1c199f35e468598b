"""Numbers rounded to what their interval supports."""

from __future__ import annotations

import math

MINUS = "−"


def decimals(low: float, high: float, *, default: int = 2, most: int = 4) -> int:
    """Return how many decimals an interval supports, by the rule of the Particle Data Group.

    The half-width keeps two digits when its first three are below 355, one when they lie
    between 355 and 949, and two (as 1.0) from 950 on.

    Without an interval (NaN, or of no width) there are `default` decimals, and never more than
    `most`.

    References
    ----------
    Particle Data Group (2024), Review of Particle Physics, introduction, section 5.3.

    Examples
    --------
    >>> decimals(0.31, 0.49), decimals(0.38, 0.42), decimals(-3.0, 4.0), decimals(-30.0, 40.0)
    (2, 3, 1, 0)
    """
    half = (high - low) / 2
    if not math.isfinite(half) or half <= 0:
        return default
    exponent = math.floor(math.log10(half))
    leading = half / 10**exponent
    digits = 1 if 3.55 <= leading < 9.5 else 2
    return min(max(digits - 1 - exponent - (leading >= 9.5), 0), most)


def signed(value: float, places: int) -> str:
    """Return the value with its sign; what rounds to zero has none.

    Examples
    --------
    >>> signed(0.412, 2), signed(-0.001, 2)
    ('+0.41', '0.00')
    """
    if not math.isfinite(value):
        return "–"
    rounded = round(value, places)
    if rounded == 0:
        return f"{0:.{places}f}"
    return f"{'+' if rounded > 0 else MINUS}{abs(rounded):.{places}f}"


def half_width(low: float, high: float, places: int) -> str:
    """Return the half-width of an interval as it stands behind a value; nothing without one.

    Examples
    --------
    >>> half_width(0.366, 0.4439, 2)
    ' ± 0.04'
    """
    half = (high - low) / 2
    return f" ± {half:.{places}f}" if math.isfinite(half) else ""


def difference(value: float, low: float, high: float) -> str:
    """Return a difference with its interval, both rounded alike.

    Examples
    --------
    >>> difference(0.4053, 0.366, 0.4439)
    '+0.41 [+0.37, +0.44]'
    >>> difference(0.4053, float("nan"), float("nan"))
    '+0.41'
    """
    places = decimals(low, high)
    if not (math.isfinite(low) and math.isfinite(high)):
        return signed(value, places)
    return f"{signed(value, places)} [{signed(low, places)}, {signed(high, places)}]"


def p_value(p: float) -> str:
    """Return a p-value to two digits, never as zero.

    Examples
    --------
    >>> p_value(0.0321), p_value(0.00002), p_value(1.0)
    ('0.032', '<0.001', '1.00')
    """
    if not math.isfinite(p):
        return "–"
    if p < 0.001:
        return "<0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def probability(value: float, low: float, high: float) -> str:
    """Return a probability with its interval, two decimals.

    Examples
    --------
    >>> probability(0.9, 0.4549, 0.997)
    '0.90 [0.45, 1.00]'
    """
    if not math.isfinite(value):
        return "–"
    return f"{value:.2f} [{low:.2f}, {high:.2f}]"


def tenths(value: float, unit: str = "") -> str:
    """Return a number with one decimal.

    Examples
    --------
    >>> tenths(3.25), tenths(41.0, " %"), tenths(float("nan"))
    ('3.2', '41.0 %', '–')
    """
    return f"{value:.1f}{unit}" if math.isfinite(value) else "–"


def ratio(value: float, low: float = math.nan, high: float = math.nan, *, places: int = 0) -> str:
    """Return a ratio of times, with its interval where there is one.

    Unless told otherwise two decimals, three where the ends of the interval are so near that two
    could not tell them from the ratio.

    Examples
    --------
    >>> ratio(1.1234, 1.05, 1.2), ratio(1.1234)
    ('×1.12 [1.05, 1.20]', '×1.12')
    >>> ratio(1.0499, 1.0454, 1.0544)
    '×1.050 [1.045, 1.054]'
    """
    if not math.isfinite(value):
        return "–"
    places = places or (3 if high - low < 0.02 else 2)
    text = f"×{value:.{places}f}"
    if math.isfinite(low) and math.isfinite(high):
        text += f" [{low:.{places}f}, {high:.{places}f}]"
    return text


def seconds(value: float) -> str:
    """Return a duration with its unit, three digits at the most.

    Examples
    --------
    >>> seconds(6.234), seconds(4.1), seconds(0.0421), seconds(312.4), seconds(float("inf"))
    ('6.23 s', '4.10 s', '42.1 ms', '312 s', 'not reached')
    """
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "not reached"
    shown, unit = (1000 * value, "ms") if value < 0.9995 else (value, "s")
    if shown <= 0:
        return f"0 {unit}"
    places = max(2 - math.floor(math.log10(float(f"{shown:.3g}"))), 0)
    return f"{shown:.{places}f} {unit}"
