"""Conclusion flip: which arm would have won with a smaller tuning budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb, nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

QUANTILES = (0.25, 0.5, 0.75)
COLUMNS = ("dataset", "arm", "k", "n_trials", "low", "median", "high", "leads")


def best_of_k(
    values: NDArray[np.float64], k: int, quantiles: Sequence[float] = QUANTILES
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


def conclusion_flip(tuning: pd.DataFrame, *, score: str = "val_accuracy") -> pd.DataFrame:
    """Show how each arm's best score grows with its tuning budget, and which arm leads.

    Parameters
    ----------
    tuning : DataFrame
        The tuning ledger: `dataset, arm, trial, status` and the score. Replicates of a trial are
        averaged; a trial that diverged or failed on any replicate cannot be chosen.
    score : str
        Column of a score of which more is better.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row per dataset × arm × k: quartiles of the best of k trials, and whether
        the arm's median is the highest at this k (ties lead together). An arm that lacks k
        trials has no row there. If the leader changes with k, the budget decides the conclusion.
    """
    if tuning.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    usable = tuning[score].where(tuning["status"] == "ok")
    scored = tuning.assign(_score=usable)
    trials = scored.groupby(["dataset", "arm", "trial"], sort=False)["_score"].agg(
        lambda values: values.mean(skipna=False)
    )
    rows: list[tuple[object, ...]] = []
    for (dataset, arm), scores in _by_arm(trials):
        budgets = range(1, len(scores) + 1)
        rows += [(dataset, arm, k, len(scores), *best_of_k(scores, k)) for k in budgets]
    table = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    best = table.groupby(["dataset", "k"])["median"].transform("max")
    return table.assign(leads=table["median"] == best)


def _by_arm(
    trials: pd.Series,
) -> Iterator[tuple[tuple[str, str], NDArray[np.float64]]]:
    index = trials.reset_index("trial", drop=True).index
    for key in dict.fromkeys(index):
        yield key, trials[index == key].to_numpy(np.float64)


def flips(curve: pd.DataFrame) -> list[tuple[int, str]]:
    """Return at which budgets the lead passes on, and to whom: [(1, "adam"), (4, "sgd")].

    Parameters
    ----------
    curve : DataFrame
        One dataset's rows of `conclusion_flip`.
    """
    changes: list[tuple[int, str]] = []
    for k, rows in curve.groupby("k", sort=True):
        leaders = [str(arm) for arm in rows.loc[rows["leads"], "arm"]]
        if leaders and (not changes or changes[-1][1] not in leaders):
            changes.append((int(str(k)), leaders[0]))
    return changes
