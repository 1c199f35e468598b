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
    """Place intervals on one strip.

    Parameters
    ----------
    estimates : array, shape (n, 3)
        Estimate, lower and upper end; NaN where there is none.
    margin : float
        Equivalence margin, drawn as a band.

    Returns
    -------
    list of Glyph
        None for an unknown estimate. The strip spans all intervals, the margin and zero.
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
        places = (place(0), place(-margin), place(margin), place(left), place(right), place(value))
        drawn.append(Glyph(*places))
    return drawn
