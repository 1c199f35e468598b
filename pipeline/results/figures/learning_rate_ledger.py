"""Learning-rate ledger: every trial of the tuning, per arm."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from pipeline.results.figures.style import INK, MARKERS, STYLES, colours, key_below
from pipeline.results.figures.svg import hover


def learning_rate_ledger(axes: Axes, tuning: pd.DataFrame) -> str:
    """Draw validation accuracy over the learning rate, chosen and default rates marked.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    tuning : DataFrame
        One dataset's tuning ledger.

    Returns
    -------
    str
        The caption. A ring marks the chosen rate, a hollow diamond the one-shot default; trials
        that diverged are crosses at the lower edge.
    """
    arms = list(dict.fromkeys(tuning["arm"]))
    ink = colours(arms)
    _focus(axes, tuning)
    floor = axes.get_ylim()[0]
    lines = []
    for i, arm in enumerate(arms):
        rows = tuning[tuning["arm"] == arm].sort_values("learning_rate")
        ok = rows[(rows["status"] == "ok") & rows["val_accuracy"].notna()]
        means = ok.groupby("learning_rate")["val_accuracy"].mean() * 100
        style: dict[str, Any] = {"ls": STYLES[i % len(STYLES)], "lw": 1.3, "color": ink[arm]}
        axes.plot(means.index, means, **style)
        style["marker"] = MARKERS[i % len(MARKERS)]
        marks = axes.scatter(means.index, means, marker=style["marker"], s=26, color=ink[arm])
        hover(marks, [f"{arm}, rate {rate:.3g}: {mean:.2f} %" for rate, mean in means.items()])
        lines.append(Line2D([], [], label=arm, **style))
        for rate in rows.loc[rows["status"] == "diverged", "learning_rate"]:
            axes.plot(rate, floor, "x", color=ink[arm], clip_on=False)
        for column, marker, size in (("chosen", "o", 13), ("default", "D", 9)):
            rates = ok.loc[ok[column].eq(True), "learning_rate"].unique()
            axes.plot(rates, means.reindex(rates), marker, ms=size, mfc="none", mec=INK, mew=1.2)
    axes.set_xlabel("learning rate (log scale)")
    axes.set_ylabel("validation accuracy (%)")
    key_below(axes, lines)
    trials = int(tuning.groupby("arm")["trial"].nunique().max())
    replicates = tuning["replicate"].nunique()
    plural = "s" * (replicates > 1)
    return (
        f"{trials} trials per arm, n = {replicates} tuning replicate{plural}; ○ chosen, ◇ one-shot "
        "default, × diverged"
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
