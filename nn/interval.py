"""The interval that a number must lie in."""

from __future__ import annotations

import math
from numbers import Real


def require(name: str, value: float, interval: str, remedy: str = "") -> float:
    """Return `value` if it is a finite number in `interval`, such as ``"[0, 1)"``.

    Parameters
    ----------
    name : str
        Class and option, for the error: ``"Dropout.rate"``.
    value : float
    interval : str
        Two bounds, each inclusive (square bracket) or exclusive (round); ``inf`` for none.
    remedy : str
        Ends the error; a sentence.

    Raises
    ------
    TypeError
        If it is not a number; Python's true and false are not taken for 1 and 0.
    ValueError
        If it is infinite, NaN or out of range.

    Examples
    --------
    >>> require("Dropout.rate", 0.5, "[0, 1)")
    0.5
    """
    low, high = (float(bound) for bound in interval[1:-1].split(","))
    number = isinstance(value, Real) and not isinstance(value, bool)
    above = number and (value >= low if interval[0] == "[" else value > low)
    below = number and (value <= high if interval[-1] == "]" else value < high)
    if above and below and math.isfinite(value):
        return value
    rule = f"must lie in {interval}"
    if math.isinf(high):
        bound = "" if math.isinf(low) else " and at least " if interval[0] == "[" else " and above "
        rule = f"must be finite{bound}{f'{low:g}' if bound else ''}"
    text = f"{name} — {rule} — got {repr(value)[:80]}."
    error = ValueError if number else TypeError
    raise error(f"{text} {remedy}".rstrip())


def require_integer(name: str, value: int, interval: str, remedy: str = "") -> int:
    """Return `value` as an int if it is a whole number in `interval`; see `require`."""
    require(name, value, interval, remedy)
    if value != int(value):
        raise ValueError(f"{name} — must be a whole number — got {value}. {remedy}".rstrip())
    return int(value)
