"""Learning-rate ledger: every trial of the tuning, per arm."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter

from pipeline.results.figures.style import INK, MARKERS, STYLES, colours, say


def learning_rate_ledger(axes: Axes, tuning: pd.DataFrame, *, dataset: str) -> Axes:
    """Draw validation accuracy over the learning rate, chosen and default rates marked.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    tuning : DataFrame
        One dataset's tuning ledger.
    dataset : str
        Named in the title.

    Returns
    -------
    Axes
        A ring marks the chosen rate, a hollow diamond the one-shot default; trials that diverged
        are crosses at the lower edge.
    """
    arms = list(dict.fromkeys(tuning["arm"]))
    ink = colours(arms)
    _focus(axes, tuning)
    floor = axes.get_ylim()[0]
    for i, arm in enumerate(arms):
        rows = tuning[tuning["arm"] == arm].sort_values("learning_rate")
        ok = rows[(rows["status"] == "ok") & rows["val_accuracy"].notna()]
        means = ok.groupby("learning_rate")["val_accuracy"].mean() * 100
        style: dict[str, Any] = {
            "ls": STYLES[i % len(STYLES)],
            "marker": MARKERS[i % len(MARKERS)],
            "ms": 4.5,
        }
        axes.plot(means.index, means, color=ink[arm], lw=1.3, label=arm, **style)
        lost = rows[rows["status"] == "diverged"]
        axes.plot(lost["learning_rate"], [floor] * len(lost), "x", color=ink[arm], clip_on=False)
        chosen, default = ok[ok["chosen"]].head(1), ok[ok["default"]].head(1)
        for part, marker, size in ((chosen, "o", 13), (default, "D", 9)):
            place = 100 * ok[ok["learning_rate"].isin(part["learning_rate"])]["val_accuracy"].mean()
            axes.plot(part["learning_rate"], [place] * len(part), marker, ms=size, mfc="none",
                      mec=INK, mew=1.2)  # fmt: skip
    axes.set_xlabel("learning rate (log scale)")
    axes.set_ylabel("validation accuracy (%)")
    trials = int(tuning.groupby("arm")["trial"].nunique().max())
    replicates = tuning["replicate"].nunique()
    caption = f"{trials} trials per arm, n = {replicates} tuning replicate{'s' * (replicates > 1)}"
    caption += "; ○ chosen, ◇ one-shot default, × diverged"
    say(axes, f"How the learning rate was chosen · {dataset}", caption)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), handlelength=2.6)
    return axes


def _focus(axes: Axes, tuning: pd.DataFrame) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: f"{rate:g}"))
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
