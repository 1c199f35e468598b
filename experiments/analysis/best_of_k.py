"""The best of a smaller tuning budget, without resampling."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, nan

import numpy as np
from numpy.typing import NDArray


def best_of_k(
    values: NDArray[np.float64], k: int, quantiles: Sequence[float] = (0.25, 0.5, 0.75)
) -> tuple[float, ...]:
    """Return quantiles of the best of k trials drawn without replacement from those made.

    With the n trials sorted, P(best of k ≤ x_(i)) = C(i, k) / C(n, k); a quantile q is the
    smallest x_(i) at which this reaches q. No resampling is needed.

    Parameters
    ----------
    values : array, shape (n,)
        Score of each trial, more is better; NaN for a trial that diverged, which is worse than
        any score.
    k : int
        Trials drawn, in [1, n].
    quantiles : sequence of float
        Each in (0, 1].

    Returns
    -------
    tuple of float
        One per quantile; NaN where even the best of k would have diverged.

    Raises
    ------
    ValueError
        If k is not in [1, n].

    References
    ----------
    Dodge et al. (2019), "Show Your Work: Improved Reporting of Experimental Results", who take
    the expectation with replacement; quantiles have a meaning for diverged trials as well.

    Examples
    --------
    >>> best_of_k(np.array([0.1, 0.3, 0.2, np.nan]), 2)
    (0.2, 0.2, 0.3)
    """
    n = len(values)
    if not 1 <= k <= n:
        raise ValueError(f"k must lie between 1 and the number of trials, {n}; got {k}.")
    ordered = np.sort(np.where(np.isnan(values), -np.inf, values))
    reached = np.array([comb(i, k) / comb(n, k) for i in range(1, n + 1)])
    # Rounding must not skip the entry at which the share is exactly q.
    best = [float(ordered[np.argmax(reached >= q - 1e-12)]) for q in quantiles]
    return tuple(nan if np.isinf(score) else score for score in best)
