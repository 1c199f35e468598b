"""Variance shares: how much of the spread between runs each component accounts for."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.style import BLUE, MUTED, ORANGE
from pipeline.results.text.measure import Measure
from pipeline.results.text.titles import factor_title
from pipeline.results.text.words import counted

_INK = {"component": BLUE, "interaction": ORANGE, "seed": MUTED}


def variance_shares(axes: Axes, shares: pd.DataFrame, *, measure: Measure) -> str:
    """Draw each term's share of the variance; all shares sum to 100 %.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    shares : DataFrame
        One dataset's rows of the variance table.
    measure : Measure
        Named on the axis.

    Returns
    -------
    str
        The caption.
    """
    kinds = pd.Categorical(shares["kind"], categories=list(_INK), ordered=True)
    rows = shares.assign(kind=kinds).sort_values(
        ["kind", "share"], ascending=[False, True], kind="stable"
    )
    terms = [" × ".join(map(factor_title, term.split(" × "))) for term in rows["term"]]
    axes.barh(terms, rows["share"], color=[_INK[kind] for kind in rows["kind"]], height=0.62)
    for y, share in enumerate(rows["share"]):
        axes.annotate(
            f"{share:.1f} %", (share, y), xytext=(4, 0), textcoords="offset points", va="center"
        )
    axes.set_xlim(0, 1.3 * rows["share"].max())
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.set_xlabel(f"share of the variance of {measure.title} (%)", loc="right")
    return (
        f"sums of squares (η²), n = {counted(int(rows['n'].max()), 'replicate')}, "
        "all shares sum to 100 %\n"
        "blue: components, orange: interactions, grey: chance (replicate: what all its cells share)"
    )
