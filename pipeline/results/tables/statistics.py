"""The statistics behind each verdict, and what a component does alone, on top and in all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.results.tables.counts import lost_runs
from pipeline.results.text.rounding import difference, p_value, probability
from pipeline.results.text.titles import dataset_title

STATISTICS = {
    "effect (pp)": "effect_pp",
    "with other test images": "images_ci_low_pp",
    "p": "p",
    "adjusted p": "p_adjusted",
    "sign-flip p": "sign_flip_p",
    "equivalence p": "p_equivalence",
    "P(better)": "p_better",
    "d_z": "d_z",
    "n": "n",
}
SHARES = {
    "on average (pp)": "effect_pp",
    "put in alone (pp)": "add_one_in_pp",
    "on top of all others (pp)": "leave_one_out_pp",
    "Shapley share (pp)": "shapley_pp",
    "share of variance": "variance_share",
    "n": "n",
}


def statistic_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Return every interval and test of the component effects as strings, a row each.

    Parameters
    ----------
    effects : DataFrame
        The effects table of `analyse`.
    """
    rows = [
        {
            **_names(row),
            "effect (pp)": _estimate(row, ""),
            "with other test images": _crossed(row),
            "p": p_value(row["p"]),
            "adjusted p": p_value(row["p_adjusted"]),
            "sign-flip p": p_value(row["sign_flip_p"]),
            "equivalence p": p_value(row["p_equivalence"]),
            "P(better)": probability(row["p_better"], row["p_better_low"], row["p_better_high"]),
            "d_z": difference(row["d_z"], row["d_z_low"], row["d_z_high"]),
            "n": f"{row['n']}{lost_runs(row)}",
            "verdict": row["verdict"],
        }
        for row in effects.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["dataset", "component", *STATISTICS, "verdict"])


def share_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Return the average effect beside add-one-in, leave-one-out, Shapley and variance shares.

    Parameters
    ----------
    effects : DataFrame
        The effects table of `analyse`.
    """
    rows = [
        {
            **_names(row),
            "on average (pp)": _estimate(row, ""),
            "put in alone (pp)": _estimate(row, "add_one_in_"),
            "on top of all others (pp)": _estimate(row, "leave_one_out_"),
            "Shapley share (pp)": _estimate(row, "shapley_"),
            "share of variance": _share(row["variance_share"]),
            "n": f"{row['n']}{lost_runs(row)}",
        }
        for row in effects.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["dataset", "component", *SHARES])


def pair_sentences(interactions: pd.DataFrame) -> list[str]:
    """Name the redundant, synergistic and antagonistic pairs, and count the others."""
    said = []
    for word, meaning in _PAIRS.items():
        rows = interactions[interactions["pair"] == word] if len(interactions) else interactions
        named = [
            f"{dataset_title(row['dataset'])} {row['title_a']} with {row['title_b']} "
            f"{difference(row['interaction_pp'], row['ci_low_pp'], row['ci_high_pp'])} pp"
            for row in rows.to_dict("records")
        ]
        said.append(f"{word.capitalize()} pairs, {meaning}: {', '.join(named) or 'none shown'}.")
    known = interactions["interaction_pp"].notna() if len(interactions) else pd.Series(dtype=bool)
    if not known.any():
        return ["No two components were run with both, one and neither: pairs cannot be judged."]
    count = interactions.loc[known, "pair"].value_counts()
    said.append(
        f"Of {known.sum()} pairs {count.get('additive', 0)} are additive, together the sum of both "
        f"within the margin, and {count.get('inconclusive', 0)} stay open; p is adjusted after "
        f"Holm over all {interactions['family_size'].iloc[0]} two-way interactions of the study."
    )
    return said


_PAIRS = {
    "redundant": "each does less beside the other",
    "synergistic": "together better than the sum of both",
    "antagonistic": "together worse than the sum of both",
}


def _names(row: Mapping[Any, Any]) -> dict[str, str]:
    return {"dataset": dataset_title(str(row["dataset"])), "component": str(row["title"])}


def _estimate(row: Mapping[Any, Any], name: str) -> str:
    value = row["effect_pp"] if not name else row[f"{name}pp"]
    return difference(value, row[f"{name}ci_low_pp"], row[f"{name}ci_high_pp"])


def _crossed(row: Mapping[Any, Any]) -> str:
    low, high = row["images_ci_low_pp"], row["images_ci_high_pp"]
    return difference(row["effect_pp"], low, high).partition(" ")[2] or "–"


def _share(percent: float) -> str:
    return f"{percent:.1f} %" if math.isfinite(percent) else "–"
