"""How a component changes the seconds of a run: the geometric mean of paired ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.contrasts import BlockContrast, contrast
from experiments.analysis.grid import BlockGrid
from experiments.analysis.paired import paired_t


@dataclass(frozen=True)
class TimeRatio:
    """Seconds with a component over those without it, with its interval."""

    ratio: float
    low: float
    high: float
    part: BlockContrast


def time_ratio(
    grid: BlockGrid, units: NDArray[np.float64], column: str, *, confidence: float = 0.95
) -> TimeRatio:
    """Return exp(mean paired log-ratio per block) with Student's t interval on the log scale.

    Parameters
    ----------
    grid : BlockGrid
        The planned blocks.
    units : array, shape (n_units, n_cells)
        The pairs of cells.
    column : str
        Column of positive seconds; runs with others are left out.
    confidence : float
        Coverage of the interval, in (0, 1).
    """
    seconds = grid.response(column)
    logs = np.log(np.where(seconds > 0, seconds, np.nan))
    part = contrast(grid, logs, units)
    estimate = paired_t(part.per_block, confidence=confidence)
    ends = np.exp([estimate.mean, estimate.ci_low, estimate.ci_high])
    return TimeRatio(float(ends[0]), float(ends[1]), float(ends[2]), part)
