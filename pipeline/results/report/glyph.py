"""A drawn interval beside a number: positions on a strip that all rows of a table share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH = 120.0


@dataclass(frozen=True)
class Glyph:
    """Positions along the strip, from 0 to `WIDTH`; without an interval low equals high."""

    zero: float
    margin_low: float
    margin_high: float
    low: float
    high: float
    value: float


def glyphs(estimates: NDArray[np.float64], margin: float) -> list[Glyph | None]:
    """Place estimates with their ends, shape (n, 3), on one strip; None for an unknown one.

    The strip spans all intervals, zero and the equivalence margin, which is drawn as a band.
    """
    known = estimates[np.isfinite(estimates)]
    low = float(min(known.min(initial=0.0), -margin))
    high = float(max(known.max(initial=0.0), margin))
    pad = 0.04 * (high - low)

    def place(x: float) -> float:
        return round(WIDTH * (x - low + pad) / (high - low + 2 * pad), 1)

    drawn: list[Glyph | None] = []
    for value, *ends in estimates:
        if not np.isfinite(value):
            drawn.append(None)
            continue
        left, right = (end if np.isfinite(end) else value for end in ends)
        drawn.append(Glyph(*map(place, (0, -margin, margin, left, right, value))))
    return drawn
