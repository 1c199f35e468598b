"""Time to target: how long until a validation accuracy is reached, misses censored."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.duration.survfunc import SurvfuncRight


@dataclass(frozen=True)
class TimeToTarget:
    """Summary of a group of runs: counts and seconds.

    Attributes
    ----------
    n, n_reached : int
        Runs, and those that reached the target.
    median_s : float
        Kaplan–Meier median; infinite when fewer than half reached the target.
    restricted_mean_s : float
        Mean of min(time, horizon), the area under the survival curve up to the horizon.
    """

    n: int
    n_reached: int
    median_s: float
    restricted_mean_s: float


def times_to_target(history: pd.DataFrame, target: float) -> pd.Series:
    """Return when each run first reached the target.

    Parameters
    ----------
    history : DataFrame
        Columns `run_key, epoch, val_accuracy, elapsed_s`; evaluation is on the clock.
    target : float
        Validation accuracy in [0, 1].

    Returns
    -------
    Series
        run_key → `elapsed_s` at the end of the first epoch with val_accuracy ≥ target; infinite
        for a run that never did. Runs without history are absent.
    """
    reached = history["elapsed_s"].where(history["val_accuracy"] >= target, inf)
    return reached.groupby(history["run_key"]).min()


def survival_curve(
    times: NDArray[np.float64], horizon: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Kaplan–Meier curve of times to target.

    Parameters
    ----------
    times : array, shape (n,)
        Seconds to target, infinite where it was missed: such a run ran to the end of its
        protocol, so that it stays at risk up to the horizon and is censored there; no budget
        stands in for its time.
    horizon : float
        Seconds up to which the runs are followed; later times count as misses.

    Returns
    -------
    tuple of arrays
        Seconds of the steps and share of runs that have not reached the target from there on;
        starts with (0, 1).
    """
    hit = times <= horizon
    if not hit.any():
        return np.zeros(1), np.ones(1)
    curve = SurvfuncRight(np.where(hit, times, horizon), hit.astype(int))
    return np.append(0.0, curve.surv_times), np.append(1.0, curve.surv_prob)


def summarize(times: NDArray[np.float64], horizon: float) -> TimeToTarget:
    """Summarize times to target by the Kaplan–Meier median and the restricted mean.

    Parameters
    ----------
    times, horizon
        As for `survival_curve`.

    Returns
    -------
    TimeToTarget
        Median and mean are NaN without a run.

    References
    ----------
    Kaplan and Meier (1958); Royston and Parmar (2013) on the restricted mean.

    Examples
    --------
    >>> summarize(np.array([1.0, 2.0, np.inf]), horizon=4.0)
    TimeToTarget(n=3, n_reached=2, median_s=2.0, restricted_mean_s=2.333333333333333)
    """
    if not len(times):
        return TimeToTarget(0, 0, float("nan"), float("nan"))
    steps, alive = survival_curve(times, horizon)
    below = np.flatnonzero(alive <= 0.5 + 1e-12)
    median = float(steps[below[0]]) if below.size else inf
    area = float(np.sum(alive * np.diff(np.append(steps, horizon))))
    return TimeToTarget(len(times), int(np.sum(times <= horizon)), median, area)
