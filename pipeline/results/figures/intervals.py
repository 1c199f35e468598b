"""Student's t interval of columns, for bands and bars."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


def interval(values: Floats, *, alpha: float) -> tuple[Floats, Floats, Floats]:
    """Return mean, lower and upper end of Student's t interval of each column.

    Values have the shape (n_replicates, n_columns). The interval covers 1 − alpha; with one
    replicate its ends are NaN.
    """
    mean, n = values.mean(axis=0), len(values)
    if n < 2:
        return mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    half = special.stdtrit(n - 1, 1 - alpha / 2) * values.std(axis=0, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half
