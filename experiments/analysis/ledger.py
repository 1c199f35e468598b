"""What the tuning ledger says of the tuning itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from experiments.analysis.columns import Column, names
from experiments.analysis.paired import paired_t

_ORDERED = [
    "dataset", "simpler", "richer", "n", "difference", "ci_low", "ci_high", "holds",
]  # fmt: skip


def _arms(ledger: pd.DataFrame) -> Iterator[tuple[str, str, list[str], pd.DataFrame]]:
    """Yield dataset, arm, tuned fields and trials of every arm, in the ledger's order."""
    for (dataset, arm, tuned), own in ledger.groupby(["dataset", "arm", "tuned"], sort=False):
        yield str(dataset), str(arm), str(tuned).split(", "), own


def tuned_fields(ledger: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return dataset, arm and field of everything that was tuned, in the ledger's order."""
    return [(dataset, arm, f) for dataset, arm, fields, _ in _arms(ledger) for f in fields]


def winners(ledger: pd.DataFrame) -> pd.DataFrame:
    """Say of every tuned field where the chosen trials lie among those of their block.

    Returns
    -------
    DataFrame
        `SCHEMA`, one row per dataset, arm and field.
    """
    tuned, arms = tuned_fields(ledger), ["dataset", "arm"]
    fields, best = list(dict.fromkeys(field for *_, field in tuned)), ledger["chosen"].eq(True)
    blocks = ledger.groupby([*arms, "replicate"])[fields]
    at_edge = (ledger[fields] == blocks.transform(end) for end in ("min", "max"))
    chosen = [ledger[best][name] for name in arms]
    low, high = (edge[best].groupby(chosen).mean() for edge in at_edge)
    median, n = ledger[best].groupby(arms)[fields].median(), ledger[best].groupby(arms).size()
    # A block in which the arm was not tuned has trials and no winner.
    n_blocks = ledger.groupby(arms)["replicate"].nunique()
    rows = []
    for dataset, arm, field in tuned:
        place = dataset, arm
        shares = (table[field].get(place, np.nan) for table in (median, low, high))
        count = n.get(place, 0)
        rows.append((*place, field, count, *shares, n_blocks[place] - count))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def binned(ledger: pd.DataFrame, field: str) -> pd.DataFrame:
    """Average the trials that tune a field over equal parts of its range.

    Every block has trial points of its own: a mean needs several that lie near each other.

    Returns
    -------
    DataFrame
        dataset, arm, `field` (the geometric mean of its values in the part), value (the mean
        response on validation data), chosen (how many blocks chose there); trials that diverged
        have none.
    """
    rows = []
    for dataset, arm, fields, own in _arms(ledger):
        ok = own[own["status"] == "ok"]
        if field not in fields or ok.empty:
            continue
        exponent, value, chosen = (
            column.to_numpy() for column in (np.log10(ok[field]), ok["value"], ok["chosen"])
        )
        parts = pd.cut(exponent, int(own["trial"].nunique()), labels=False)
        for part in np.unique(parts):
            inside = parts == part
            mean = float(10 ** exponent[inside].mean())
            rows.append((dataset, arm, mean, value[inside].mean(), int(chosen[inside].sum())))
    return pd.DataFrame(rows, columns=["dataset", "arm", field, "value", "chosen"])


def ordered(
    ledger: pd.DataFrame, arms: Sequence[str], *, sign: int = 1, confidence: float
) -> pd.DataFrame:
    """Compare the value of each arm's chosen trials with that of the next simpler arm.

    A richer optimizer contains the simpler one as a limit, so that well tuned it cannot be much
    worse: Adam ≥ momentum ≥ SGD up to noise. Where it is, the tuning is at fault.

    Parameters
    ----------
    ledger : DataFrame
        The tuning ledger.
    arms : sequence of str
        Labels of arms, the simplest first.
    sign : int
        +1 where a higher value is better, −1 where a lower one is.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        dataset, simpler, richer, n, difference (unscaled; positive where the richer one is
        better), ci_low, ci_high, holds: whether the interval reaches to zero or above. Blocks in
        which either was not tuned are left out.

    References
    ----------
    Choi et al. (2019), On Empirical Comparisons of Optimizers for Deep Learning.
    """
    rows = []
    for dataset, own in ledger[ledger["chosen"].eq(True)].groupby("dataset", sort=False):
        best = own.pivot_table(index="replicate", columns="arm", values="value")
        for simpler, richer in pairwise([arm for arm in arms if arm in best]):
            differences = sign * (best[richer] - best[simpler]).dropna().to_numpy()
            found = paired_t(differences, confidence=confidence)
            rows.append(
                {
                    "dataset": dataset,
                    "simpler": simpler,
                    "richer": richer,
                    "n": found.n,
                    "difference": found.mean,
                    "ci_low": found.ci_low,
                    "ci_high": found.ci_high,
                    "holds": not found.ci_high < 0,
                }
            )
    return pd.DataFrame(rows, columns=_ORDERED)


SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("arm", "", "the tuning arm"),
    Column("field", "", "what is tuned"),
    Column("n", "", "blocks in which it was tuned"),
    Column("median", "", "median of the chosen values"),
    Column("at_low_edge", "", "share of blocks whose lowest trial was chosen"),
    Column("at_high_edge", "", "share of blocks whose highest trial was chosen"),
    Column("n_not_tuned", "", "blocks none of whose trials came through"),
)
COLUMNS = names(SCHEMA)
