"""Conclusion flip: which arm would have won with a smaller tuning budget."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb, nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.columns import Column, names
from experiments.analysis.paired import paired_t


def median_best(values: NDArray[np.float64], k: int) -> float:
    """Return the median of the best of k trials drawn without replacement from those made.

    With the n trials sorted, P(best of k ≤ x_(i)) = C(i, k) / C(n, k); the median is the smallest
    x_(i) at which this reaches one half. No resampling is needed.

    Parameters
    ----------
    values : array, shape (n,)
        Score of each trial, more is better; NaN for a trial that diverged, which is worse than
        any score. NaN comes out where even the best of k would have diverged.
    k : int
        Trials drawn, in [1, n].

    References
    ----------
    Dodge et al. (2019), "Show Your Work: Improved Reporting of Experimental Results", who take
    the expectation with replacement; a median has a meaning for diverged trials as well.

    Examples
    --------
    >>> median_best(np.array([0.1, 0.3, 0.2, np.nan]), 2)
    0.2
    """
    n = len(values)
    ordered = np.sort(np.where(np.isnan(values), -np.inf, values))
    reached = np.array([comb(i, k) / comb(n, k) for i in range(1, n + 1)])
    # Rounding must not skip the entry at which the share is exactly one half.
    best = float(ordered[np.argmax(reached >= 0.5 - 1e-12)])
    return nan if np.isinf(best) else best


def conclusion_flip(
    tuning: pd.DataFrame,
    *,
    sign: int = 1,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Show how each arm's best value grows with its tuning budget, and which arms lead.

    Every block tunes anew: the median best of k of its own trials is one number per block, and
    the band is Student's t interval of their mean. Arms are paired inside blocks.

    Parameters
    ----------
    tuning : DataFrame
        The tuning ledger: `dataset, replicate, arm, trial, status, value`. A trial that diverged
        or failed cannot be chosen.
    sign : int
        +1 where a higher value is better, −1 where a lower one is.
    confidence : float
        Coverage of the band, in (0, 1).

    Returns
    -------
    DataFrame
        `SCHEMA`, one row per dataset × arm × k. An arm leads when its mean is the best at this k
        or its paired difference to the best is not shown over the blocks: within the noise they
        lead together. An arm that lacks k trials in a block has no row there. If the leaders
        change with k, the budget decides the conclusion.
    """
    usable = sign * tuning["value"].where(tuning["status"] == "ok")
    groups = tuning.assign(_score=usable).groupby(["dataset", "arm", "replicate"], sort=False)
    curves: dict[tuple[str, str], dict[str, NDArray[np.float64]]] = {}
    for (dataset, arm, replicate), part in groups:
        scores = part["_score"].to_numpy(np.float64)
        best = [median_best(scores, k) for k in range(1, len(scores) + 1)]
        curves.setdefault((str(dataset), str(arm)), {})[str(replicate)] = np.array(best)
    rows: list[dict[str, object]] = []
    for dataset in dict.fromkeys(name for name, _ in curves):
        arms = {arm: blocks for (name, arm), blocks in curves.items() if name == dataset}
        most = min(len(best) for blocks in arms.values() for best in blocks.values())
        for k in range(1, most + 1):
            at_k = {arm: {r: best[k - 1] for r, best in arms[arm].items()} for arm in arms}
            rows += _at_budget(dataset, k, most, at_k, sign, confidence)
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(
        ["dataset", "arm", "k"], kind="stable", ignore_index=True
    )


def _at_budget(
    dataset: str,
    k: int,
    n_trials: int,
    arms: dict[str, dict[str, float]],
    sign: int,
    confidence: float,
) -> Iterator[dict[str, object]]:
    """Yield the rows of one budget; scores are signed so that more is better."""
    means = {arm: float(np.mean(list(blocks.values()))) for arm, blocks in arms.items()}
    finite = [arm for arm in arms if np.isfinite(means[arm])]
    best = max(finite, key=means.__getitem__) if finite else ""
    for arm, blocks in arms.items():
        values = np.array(list(blocks.values()))
        band = paired_t(values[np.isfinite(values)], confidence=confidence)
        ends = sorted((sign * band.ci_low, sign * band.ci_high))
        yield {
            "dataset": dataset,
            "arm": arm,
            "k": k,
            "n_trials": n_trials,
            "n_blocks": len(values),
            "low": ends[0],
            "median": sign * means[arm],
            "high": ends[1],
            "leads": bool(best) and _ties(arms[best], blocks, confidence),
        }


def _ties(best: dict[str, float], arm: dict[str, float], confidence: float) -> bool:
    """Tell whether no difference between two arms is shown over their common blocks."""
    gaps = np.array([best[block] - arm[block] for block in sorted(set(best) & set(arm))])
    if not np.isfinite(gaps).all():
        return False
    estimate = paired_t(gaps, confidence=confidence)
    return not gaps.any() or (estimate.n > 1 and not estimate.ci_low > 0)


def flips(curve: pd.DataFrame) -> list[tuple[int, str]]:
    """Return at which budgets the lead passes on, and to whom: [(1, "adam"), (4, "sgd")].

    The lead passes on only where the arm that held it is shown to be behind.

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


SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("arm", "", "tuning arm"),
    Column("k", "", "trials drawn"),
    Column("n_trials", "", "trials made in every block"),
    Column("n_blocks", "", "blocks that tuned"),
    Column("low", "", "lower end of the band over blocks, unscaled", description=True),
    Column("median", "", "mean over blocks of the median best of k", description=True),
    Column("high", "", "upper end of the band over blocks", description=True),
    Column("leads", "", "whether no arm is shown to be better", description=True),
)
COLUMNS = names(SCHEMA)
