"""What the tuning ledger says of the tuning itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from experiments.analysis.columns import Column, names
from experiments.analysis.paired import paired_t

_ORDERED = [
    "dataset", "simpler", "richer", "n", "difference", "ci_low", "ci_high", "holds",
]  # fmt: skip


def tuned_fields(ledger: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return dataset, arm and field of everything that was tuned, in the ledger's order."""
    known = ledger[["dataset", "arm", "tuned"]].drop_duplicates().astype(str)
    rows = known.itertuples(index=False, name=None)
    return [(dataset, arm, field) for dataset, arm, fields in rows for field in fields.split(", ")]


def winners(ledger: pd.DataFrame) -> pd.DataFrame:
    """Say of every tuned field where the chosen trials lie among those of their block.

    Returns
    -------
    DataFrame
        `SCHEMA`, one row per dataset, arm and field.
    """
    rows = []
    for dataset, arm, field in tuned_fields(ledger):
        own = ledger[(ledger["dataset"] == dataset) & (ledger["arm"] == arm)]
        blocks = own.groupby("replicate")[field]
        best = own[own["chosen"].eq(True)].set_index("replicate")[field]
        # A block in which the arm was not tuned has trials and no winner.
        lowest, highest = (ends.reindex(best.index) for ends in (blocks.min(), blocks.max()))
        rows.append(
            {
                "dataset": dataset,
                "arm": arm,
                "field": field,
                "n": len(best),
                "median": best.median(),
                "at_low_edge": (best == lowest).mean(),
                "at_high_edge": (best == highest).mean(),
                "n_not_tuned": blocks.ngroups - len(best),
            }
        )
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
    for dataset, arm, tuned in tuned_fields(ledger):
        own = ledger[(ledger["dataset"] == dataset) & (ledger["arm"] == arm)]
        ok = own[own["status"] == "ok"]
        if tuned != field or ok.empty:
            continue
        exponent = np.log10(ok[field])
        parts = pd.cut(exponent, int(own["trial"].nunique()), labels=False)
        for _, part in ok.groupby(parts):
            rows.append(
                {
                    "dataset": dataset,
                    "arm": arm,
                    field: float(10 ** np.log10(part[field]).mean()),
                    "value": part["value"].mean(),
                    "chosen": int(part["chosen"].sum()),
                }
            )
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
