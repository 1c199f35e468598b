"""The ranges that optimizer options must lie in."""

from __future__ import annotations

import math


def unit_interval(name: str, value: float) -> float:
    """Return `value` if it lies in [0, 1).

    Raises
    ------
    ValueError
        Otherwise.
    """
    if not 0 <= value < 1:
        raise ValueError(
            f"{name} — must lie in [0, 1) — got {value}. Values just below 1 are usual."
        )
    return value


def not_negative(name: str, value: float) -> float:
    """Return `value` if it is finite and at least 0.

    Raises
    ------
    ValueError
        Otherwise.
    """
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} — must be finite and at least 0 — got {value}. Use 0 for off.")
    return value
