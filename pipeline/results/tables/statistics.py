"""The statistics behind each verdict, and what a component does alone, on top and in all."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from experiments.analysis.effects import SCHEMA
from pipeline.results.tables.column import (
    COMPONENT,
    DATASET,
    DESCRIPTION,
    VERDICT,
    Column,
    N,
    numbers,
)
from pipeline.results.text.estimates import EFFECT, around
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import difference, p_value, percent, probability
from pipeline.results.text.titles import dataset_title
from pipeline.results.text.words import counted

_DESCRIBED = {column.name for column in SCHEMA if column.description}


def _numbers(head: str, show: Callable[..., str], *names: str, term: str = "") -> Column:
    return numbers(head + DESCRIPTION * (names[0] in _DESCRIBED), show, *names, term=term)


def _ends(low: float, high: float, effect: float) -> str:
    return difference(effect, low, high).partition(" ")[2] or "–"


def statistics_columns(measure: Measure) -> list[Column]:
    """Return every interval and test of a component effect, one row per dataset × component."""
    images, equivalence = (
        (f"{name}_ci_low_pp", f"{name}_ci_high_pp", "effect_pp")
        for name in ("images", "equivalence")
    )
    better, d_z = ((name, f"{name}_low", f"{name}_high") for name in ("p_better", "d_z"))
    return [
        DATASET,
        COMPONENT,
        _gain(measure, "effect", "", term="interval"),
        _numbers("other examples", _ends, *images, term="test images"),
        _numbers("p", p_value, "p", term="p"),
        _numbers("adjusted p", p_value, "p_adjusted", term="Holm"),
        _numbers("sign-flip p", p_value, "sign_flip_p", term="sign-flip"),
        _numbers("for equivalence", _ends, *equivalence, term="margin"),
        _numbers("adjusted equivalence p", p_value, "p_equivalence_adjusted", term="Holm"),
        _numbers("P(better)", probability, *better, term="P(better)"),
        _numbers("d_z", difference, *d_z, term="d_z"),
        N,
        VERDICT,
    ]


def shares_columns(measure: Measure) -> list[Column]:
    """Return the average effect beside add-one-in, leave-one-out, Shapley and variance shares."""
    return [
        DATASET,
        COMPONENT,
        _gain(measure, "on average", ""),
        _gain(measure, "added alone", "add_one_in_"),
        _gain(measure, "on top of all others", "leave_one_out_"),
        _gain(measure, "Shapley share", "shapley_", term="Shapley"),
        _numbers("share of variance", percent, "variance_share", term="share of variance"),
        N,
    ]


def _gain(measure: Measure, head: str, name: str, *, term: str = "") -> Column:
    """Return a column of an effect, in the unit of the response, with its interval."""
    fields = around(name) if name else EFFECT
    return _numbers(measure.head(head, difference=True), difference, *fields, term=term)


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
    additive, open_ = (
        f"{count} {'is' if count == 1 else 'are'} {word}"
        for word in ("additive", "inconclusive")
        for count in [(known["pair"] == word).sum()]
    )
    return [
        *sentences,
        f"Of {counted(len(known), 'pair')} {additive} (together the sum of both within the margin) "
        f"and {open_}; p is adjusted after Holm over "
        f"all {known['family_size'].iloc[0]} two-way interactions of the study.",
    ]
