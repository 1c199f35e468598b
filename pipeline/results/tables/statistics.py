"""The statistics behind each verdict, and what a component does alone, on top and in all."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from experiments.analysis.effects import SCHEMA
from pipeline.results.tables.column import DESCRIPTION, Column, Row
from pipeline.results.tables.counts import n_and_lost
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import difference, p_value, probability
from pipeline.results.text.titles import dataset_title

_DESCRIBED = {column.name for column in SCHEMA if column.description}


def _column(head: str, text: Callable[[Row], str], value: str, term: str = "") -> Column:
    return Column(head + DESCRIPTION * (value in _DESCRIBED), text, value, term)


def _estimate(row: Row, name: str = "") -> str:
    value = row[f"{name}pp"] if name else row["effect_pp"]
    return difference(value, row[f"{name}ci_low_pp"], row[f"{name}ci_high_pp"])


def _ends(row: Row, name: str) -> str:
    ends = (row[f"{name}ci_low_pp"], row[f"{name}ci_high_pp"])
    return difference(row["effect_pp"], *ends).partition(" ")[2] or "–"


def _share(percent: float) -> str:
    return f"{percent:.1f} %" if math.isfinite(percent) else "–"


_NAMES = (
    Column("dataset", lambda row: dataset_title(row["dataset"])),
    Column("component", lambda row: row["title"]),
)
_N = Column("n", n_and_lost, "n", "n")
_TESTS = (
    _column("other examples", lambda row: _ends(row, "images_"), "images_ci_low_pp", "test images"),
    _column("p", lambda row: p_value(row["p"]), "p", "p"),
    _column("adjusted p", lambda row: p_value(row["p_adjusted"]), "p_adjusted", "Holm"),
    _column("sign-flip p", lambda row: p_value(row["sign_flip_p"]), "sign_flip_p", "sign-flip"),
    _column(
        "for equivalence",
        lambda row: _ends(row, "equivalence_"),
        "equivalence_ci_low_pp",
        "margin",
    ),
    _column(
        "adjusted equivalence p",
        lambda row: p_value(row["p_equivalence_adjusted"]),
        "p_equivalence_adjusted",
        "Holm",
    ),
    _column(
        "P(better)",
        lambda row: probability(row["p_better"], row["p_better_low"], row["p_better_high"]),
        "p_better",
        "P(better)",
    ),
    _column(
        "d_z", lambda row: difference(row["d_z"], row["d_z_low"], row["d_z_high"]), "d_z", "d_z"
    ),
)


def statistics_columns(measure: Measure) -> list[Column]:
    """Return every interval and test of a component effect, one row per dataset × component."""
    effect = _column(measure.head("effect", difference=True), _estimate, "effect_pp", "interval")
    verdict = Column("verdict", lambda row: row["verdict"], term="verdict")
    return [*_NAMES, effect, *_TESTS, _N, verdict]


def shares_columns(measure: Measure) -> list[Column]:
    """Return the average effect beside add-one-in, leave-one-out, Shapley and variance shares."""

    def gain(head: str, name: str, term: str = "") -> Column:
        heading = measure.head(head, difference=True)
        value = f"{name}pp" if name else "effect_pp"
        return _column(heading, lambda row: _estimate(row, name), value, term)

    return [
        *_NAMES,
        gain("on average", ""),
        gain("added alone", "add_one_in_"),
        gain("on top of all others", "leave_one_out_"),
        gain("Shapley share", "shapley_", "Shapley"),
        _column(
            "share of variance",
            lambda row: _share(row["variance_share"]),
            "variance_share",
            "share of variance",
        ),
        _N,
    ]


_PAIRS = {
    "redundant": "each does less beside the other",
    "synergistic": "together better than the sum of both",
    "antagonistic": "together worse than the sum of both",
}


def pair_sentences(interactions: pd.DataFrame, measure: Measure) -> list[str]:
    """Name the redundant, synergistic and antagonistic pairs, and count the others."""
    known = interactions[interactions["interaction_pp"].notna()]
    if known.empty:
        return ["No two components were run with both, one and neither: pairs cannot be judged."]
    sentences = []
    for word, meaning in _PAIRS.items():
        named = [
            f"{dataset_title(row['dataset'])} {row['title_a']} with {row['title_b']} "
            f"{measure.change(row['interaction_pp'], row['ci_low_pp'], row['ci_high_pp'])}"
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
