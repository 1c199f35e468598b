"""The statistics behind each verdict, and what a component does alone, on top and in all."""

from __future__ import annotations

import math

import pandas as pd

from pipeline.results.tables.column import Column, Row
from pipeline.results.tables.counts import n_and_lost
from pipeline.results.text.rounding import difference, p_value, probability
from pipeline.results.text.titles import dataset_title


def _estimate(row: Row, name: str = "") -> str:
    value = row[f"{name}pp"] if name else row["effect_pp"]
    return difference(value, row[f"{name}ci_low_pp"], row[f"{name}ci_high_pp"])


def _crossed(row: Row) -> str:
    low, high = row["crossed_ci_low_pp"], row["crossed_ci_high_pp"]
    return difference(row["effect_pp"], low, high).partition(" ")[2] or "–"


def _share(percent: float) -> str:
    return f"{percent:.1f} %" if math.isfinite(percent) else "–"


_NAMES = (
    Column("dataset", lambda row: dataset_title(row["dataset"])),
    Column("component", lambda row: row["title"]),
)
_N = Column("n", n_and_lost, "n", "n")
STATISTICS = (
    *_NAMES,
    Column("effect (pp)", _estimate, "effect_pp", "interval"),
    Column("with other test images", _crossed, "crossed_ci_low_pp", "test images"),
    Column("p", lambda row: p_value(row["p"]), "p", "p"),
    Column("adjusted p", lambda row: p_value(row["p_adjusted"]), "p_adjusted", "Holm"),
    Column("sign-flip p", lambda row: p_value(row["sign_flip_p"]), "sign_flip_p", "sign-flip"),
    Column("equivalence p", lambda row: p_value(row["p_equivalence"]), "p_equivalence", "margin"),
    Column(
        "P(better)",
        lambda row: probability(row["p_better"], row["p_better_low"], row["p_better_high"]),
        "p_better",
        "P(better)",
    ),
    Column(
        "d_z", lambda row: difference(row["d_z"], row["d_z_low"], row["d_z_high"]), "d_z", "d_z"
    ),
    _N,
    Column("verdict", lambda row: row["verdict"], term="verdict"),
)
SHARES = (
    *_NAMES,
    Column("on average (pp)", _estimate, "effect_pp"),
    Column("added alone (pp)", lambda row: _estimate(row, "add_one_in_"), "add_one_in_pp"),
    Column(
        "on top of all others (pp)",
        lambda row: _estimate(row, "leave_one_out_"),
        "leave_one_out_pp",
    ),
    Column("Shapley share (pp)", lambda row: _estimate(row, "shapley_"), "shapley_pp", "Shapley"),
    Column(
        "share of variance",
        lambda row: _share(row["variance_share"]),
        "variance_share",
        "share of variance",
    ),
    _N,
)
_PAIRS = {
    "redundant": "together less than the sum of both",
    "synergistic": "together more than the sum of both",
}


def pair_sentences(interactions: pd.DataFrame) -> list[str]:
    """Name the redundant and the synergistic pairs, and count the others."""
    known = interactions[interactions["interaction_pp"].notna()]
    if known.empty:
        return ["No two components were run with both, one and neither: pairs cannot be judged."]
    sentences = []
    for word, meaning in _PAIRS.items():
        named = [
            f"{dataset_title(row['dataset'])} {row['title_a']} with {row['title_b']} "
            f"{difference(row['interaction_pp'], row['ci_low_pp'], row['ci_high_pp'])} pp"
            for row in known[known["pair"] == word].to_dict("records")
        ]
        listed = ", ".join(named) or "none shown"
        sentences.append(f"{word.capitalize()} pairs, {meaning}: {listed}.")
    additive, open_ = ((known["pair"] == word).sum() for word in ("additive", "inconclusive"))
    return [
        *sentences,
        f"Of {len(known)} {'pair' if len(known) == 1 else 'pairs'} {additive} "
        f"{'is' if additive == 1 else 'are'} additive (together the sum of both within the margin) "
        f"and {open_} {'is' if open_ == 1 else 'are'} inconclusive; p is adjusted after Holm over "
        f"all {known['family_size'].iloc[0]} two-way interactions of the study.",
    ]
