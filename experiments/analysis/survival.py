"""Survival curves of times to target: misses are censored at the horizon, never replaced."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class TimeToTarget:
    """Summary of a group of runs: counts, and times in the unit that was put in.

    Attributes
    ----------
    n, n_reached : int
        Runs, and those that reached the target.
    share_reached : float
        n_reached / n.
    median : float
        Kaplan–Meier median; infinite when fewer than half reached the target.
    restricted_mean : float
        Mean of min(time, horizon), the area under the survival curve up to the horizon.
    """

    n: int
    n_reached: int
    share_reached: float
    median: float
    restricted_mean: float


def survival_curve(
    times: NDArray[np.float64], horizon: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Kaplan–Meier curve of times to target.

    Parameters
    ----------
    times : array, shape (n,)
        Time to target, infinite where it was missed: such a run ran to the end of its
        protocol, so that it stays at risk up to the horizon and is censored there; no budget
        stands in for its time.
    horizon : float
        Time up to which the runs are followed, named before them; later times count as misses.

    Returns
    -------
    tuple of arrays
        Times of the steps and share of runs that have not reached the target from there on;
        starts with (0, 1).
    """
    # Nothing is censored before the horizon, so that Kaplan and Meier's product telescopes.
    at, reached = np.unique(times[times <= horizon], return_counts=True)
    alive = 1 - np.cumsum(reached) / max(len(times), 1)
    return np.append(0.0, at), np.append(1.0, alive)


def summarize(times: NDArray[np.float64], horizon: float) -> TimeToTarget:
    """Summarize times to target by the Kaplan–Meier median and the restricted mean.

    Parameters
    ----------
    times, horizon
        As for `survival_curve`.

    Returns
    -------
    TimeToTarget
        Share, median and mean are NaN without a run.

    References
    ----------
    Kaplan and Meier (1958); Royston and Parmar (2013) on the restricted mean.

    Examples
    --------
    >>> summarize(np.array([1.0, 4.0, np.inf]), horizon=4.0)  # doctest: +ELLIPSIS
    TimeToTarget(n=3, n_reached=2, share_reached=0.6..., median=4.0, restricted_mean=3.0)
    """
    n, n_reached = len(times), int(np.sum(times <= horizon))
    if not n:
        return TimeToTarget(0, 0, *[float("nan")] * 3)
    steps, alive = survival_curve(times, horizon)
    below = np.flatnonzero(alive <= 0.5 + 1e-12)
    median = float(steps[below[0]]) if below.size else inf
    area = float(np.sum(alive * np.diff(np.append(steps, horizon))))
    return TimeToTarget(n, n_reached, n_reached / n, median, area)
