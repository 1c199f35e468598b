"""Ledger of the learning rate, or of what a training tunes instead: every trial, per arm."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from experiments.analysis.ledger import binned
from pipeline.results.figures.style import (
    INK,
    MARKERS,
    STYLES,
    colours,
    focus_on_best,
    key_below,
)
from pipeline.results.figures.svg import hover
from pipeline.results.text.measure import Measure
from pipeline.results.text.titles import factor_title


def learning_rate_ledger(axes: Axes, tuning: pd.DataFrame, field: str, measure: Measure) -> str:
    """Draw what chose over the field that is tuned, a point a trial, chosen ones marked.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    tuning : DataFrame
        One dataset's trials that tune the field.
    field : str
        The field: "learning_rate".
    measure : Measure
        The response, which chose on validation data.

    Returns
    -------
    str
        The caption. A frame marks the rate that a block chose; trials that diverged are crosses
        at the edge of the worst values.
    """
    arms = list(dict.fromkeys(tuning["arm"]))
    ink, curves = colours(arms), binned(tuning, field)
    title, scale, unit = factor_title(field), measure.response.scale, measure.unit
    _log_axis(axes, tuning[field])
    focus_on_best(axes, scale * tuning["value"], measure.response.sign)
    worst = axes.get_ylim()[measure.response.sign < 0]
    lines = []
    for i, arm in enumerate(arms):
        rows = tuning[tuning["arm"] == arm]
        ok = rows[rows["value"].notna()]
        curve = curves[curves["arm"] == arm]
        style: dict[str, Any] = {"ls": STYLES[i % len(STYLES)], "lw": 1.3, "color": ink[arm]}
        axes.plot(curve[field], scale * curve["value"], **style)
        style["marker"] = MARKERS[i % len(MARKERS)]
        tried, seen = ok[field], scale * ok["value"]
        marks = axes.scatter(
            tried, seen, marker=style["marker"], s=9, color=ink[arm], alpha=0.3, linewidths=0
        )
        points = zip(tried, seen, strict=True)
        hover(marks, [f"{arm}, {title} {x:.3g}: {y:.4g}{unit}" for x, y in points])
        lines.append(Line2D([], [], label=arm, **style))
        for x in rows.loc[rows["status"] == "diverged", field]:
            axes.plot(x, worst, "x", color=ink[arm], clip_on=False)
        best = ok[ok["chosen"]]
        axes.scatter(
            best[field],
            scale * best["value"],
            marker=style["marker"],
            s=24,
            color=ink[arm],
            edgecolors=INK,
            linewidths=0.6,
        )
    axes.set_xlabel(f"{title} (log scale)")
    axes.set_ylabel(measure.head(measure.validation_title))
    key_below(axes, lines)
    trials = int(tuning.groupby("arm")["trial"].nunique().max())
    blocks = tuning["replicate"].nunique()
    return (
        f"{trials} trials per arm in each block, n = {blocks}; lines are means over parts of the "
        "range; framed: chosen in its block, × diverged"
    )


def _log_axis(axes: Axes, tried: pd.Series) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{rate:g}".replace("e-0", "e-")))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlim(tried.min() / 1.5, tried.max() * 1.5)
