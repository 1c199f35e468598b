"""Conclusion-flip curve: the best validation accuracy per arm as the tuning budget grows."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.analysis.conclusion_flip import flips
from pipeline.results.figures.direct_labels import label_ends
from pipeline.results.figures.style import MARKERS, STYLES, colours, say


def conclusion_flip(axes: Axes, curve: pd.DataFrame, *, dataset: str) -> Axes:
    """Draw the median best-of-k validation accuracy per arm with its band over blocks.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    curve : DataFrame
        One dataset's rows of `experiments.analysis.conclusion_flip.conclusion_flip`.
    dataset : str
        Named in the title.
    """
    arms = list(dict.fromkeys(curve["arm"]))
    ink, ends = colours(arms), []
    for i, arm in enumerate(arms):
        rows = curve[curve["arm"] == arm].sort_values("k")
        style: dict[str, Any] = {
            "ls": STYLES[i % len(STYLES)],
            "marker": MARKERS[i % len(MARKERS)],
            "ms": 4,
        }
        axes.plot(rows["k"], 100 * rows["median"], color=ink[arm], **style)
        low, high = 100 * rows["low"], 100 * rows["high"]
        axes.fill_between(rows["k"], low, high, color=ink[arm], alpha=0.13, lw=0)
        last = rows.dropna(subset="median").tail(1)
        points = zip(last["k"], last["median"], strict=True)
        ends += [(float(k), 100 * median, arm, ink[arm]) for k, median in points]
    _focus(axes, curve)
    axes.set_xlabel("learning-rate trials per arm (k)")
    axes.set_ylabel("best validation accuracy (%)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    trials = int(curve["n_trials"].max())
    caption = f"median best of k out of {trials} trials, band over blocks\n{_said(curve)}"
    say(axes, f"Would another budget have flipped the ranking? · {dataset}", caption)
    label_ends(axes, ends)
    return axes


def _said(curve: pd.DataFrame) -> str:
    changes = flips(curve)
    if not changes:
        return "no arm leads: too few trials finished"
    if len(changes) == 1:
        return f"{changes[0][1]} leads at every budget"
    steps = ", then ".join(f"{arm} from k = {k}" for k, arm in changes)
    return f"the lead changes: {steps}"


def _focus(axes: Axes, curve: pd.DataFrame) -> None:
    # The band of a single draw can reach near chance and would flatten all curves.
    medians = 100 * curve["median"].dropna()
    if medians.empty:
        return
    top = float(100 * curve["high"].fillna(curve["median"]).max())
    floor = max(float(medians.min()), float(top - 6 * (top - medians.quantile(0.4)) - 0.2))
    pad = 0.06 * (top - floor) + 1e-3
    axes.set_ylim(floor - pad, top + pad)
