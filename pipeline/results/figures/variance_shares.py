"""Variance shares: how much of the spread between runs each component accounts for."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.rows import note_end, without_row_lines
from pipeline.results.figures.style import BLUE, MUTED, ORANGE, one_axes
from pipeline.results.text.titles import factor_title
from pipeline.results.text.words import counted

_INK = {"component": BLUE, "interaction": ORANGE, "seed": MUTED}


@kind(
    "What makes runs differ",
    "A component with a small share may still help for certain; a large share of seed noise means "
    "that single runs mislead.",
    "cells",
)
def variance_shares(figure: Figure, m: Material) -> str | None:
    """Draw each term's share of the variance of the response; all shares sum to 100 %."""
    shares = m.of("variance")
    if shares["share"].isna().all():
        return None
    kinds = pd.Categorical(shares["kind"], categories=list(_INK), ordered=True)
    rows = shares.assign(kind=kinds).sort_values(
        ["kind", "share"], ascending=[False, True], kind="stable"
    )
    axes = one_axes(figure, 0.8 + 0.29 * len(rows))
    terms = [" × ".join(map(factor_title, term.split(" × "))) for term in rows["term"]]
    axes.barh(terms, rows["share"], color=[_INK[kind] for kind in rows["kind"]], height=0.62)
    for y, share in enumerate(rows["share"]):
        note_end(axes, share, y, f"{share:.1f} %")
    axes.set_xlim(0, 1.3 * rows["share"].max())
    without_row_lines(axes)
    axes.set_xlabel(f"share of the variance of {m.measure.title} (%)", loc="right")
    return (
        f"sums of squares (η²), n = {counted(int(rows['n'].max()), 'replicate')}, "
        "all shares sum to 100 %\n"
        "blue: components, orange: interactions, grey: chance (replicate: what all its cells share)"
    )
