"""Learning-rate ledger: every trial of the tuning, per arm."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from experiments.analysis.ledger import binned
from experiments.design.designs import PLACEBO
from pipeline.results.figures.style import INK, MARKERS, STYLES, colours, key_below
from pipeline.results.figures.svg import hover


def learning_rate_ledger(axes: Axes, tuning: pd.DataFrame) -> str:
    """Draw validation accuracy over the learning rate, a point a trial, chosen ones marked.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    tuning : DataFrame
        One dataset's tuning ledger.

    Returns
    -------
    str
        The caption. A frame marks the rate that a block chose; trials that diverged are crosses
        at the lower edge.
    """
    own = (tuning["tuned"] == "learning_rate") & (tuning["arm"] != PLACEBO)
    tuning = tuning[own]
    arms = list(dict.fromkeys(tuning["arm"]))
    ink, curves = colours(arms), binned(tuning, "learning_rate")
    _focus(axes, tuning)
    floor = axes.get_ylim()[0]
    lines = []
    for i, arm in enumerate(arms):
        rows = tuning[tuning["arm"] == arm]
        ok = rows[(rows["status"] == "ok") & rows["val_accuracy"].notna()]
        curve = curves[curves["arm"] == arm]
        style: dict[str, Any] = {"ls": STYLES[i % len(STYLES)], "lw": 1.3, "color": ink[arm]}
        axes.plot(curve["learning_rate"], 100 * curve["val_accuracy"], **style)
        style["marker"] = MARKERS[i % len(MARKERS)]
        rates, seen = ok["learning_rate"], 100 * ok["val_accuracy"]
        marks = axes.scatter(
            rates, seen, marker=style["marker"], s=9, color=ink[arm], alpha=0.3, linewidths=0
        )
        hover(marks, [f"{arm}, rate {r:.3g}: {v:.2f} %" for r, v in zip(rates, seen, strict=True)])
        lines.append(Line2D([], [], label=arm, **style))
        for rate in rows.loc[rows["status"] == "diverged", "learning_rate"]:
            axes.plot(rate, floor, "x", color=ink[arm], clip_on=False)
        best = ok[ok["chosen"]]
        axes.scatter(
            best["learning_rate"],
            100 * best["val_accuracy"],
            marker=style["marker"],
            s=24,
            color=ink[arm],
            edgecolors=INK,
            linewidths=0.6,
        )
    axes.set_xlabel("learning rate (log scale)")
    axes.set_ylabel("validation accuracy (%)")
    key_below(axes, lines)
    trials = int(tuning.groupby("arm")["trial"].nunique().max())
    blocks = tuning["replicate"].nunique()
    return (
        f"{trials} trials per arm in each block, n = {blocks}; lines are means over parts of the "
        "range; framed: chosen in its block, × diverged"
    )


def _focus(axes: Axes, tuning: pd.DataFrame) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{rate:g}".replace("e-0", "e-")))
    axes.xaxis.set_minor_formatter(NullFormatter())
    rates = tuning["learning_rate"]
    axes.set_xlim(rates.min() / 1.5, rates.max() * 1.5)
    seen = 100 * tuning["val_accuracy"].dropna()
    if seen.empty:
        axes.set_ylim(0, 100)
        return
    # Rates far off give chance accuracy; the question is what happens near the best.
    low, high = max(float(seen.min()), float(seen.max() - 12)), float(seen.max())
    pad = 0.06 * (high - low) + 0.02
    axes.set_ylim(low - pad, high + pad)
