"""Conclusion-flip curve: the best validation accuracy per arm as the tuning budget grows."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.analysis import flips
from pipeline.results.figures.style import MARKERS, STYLES, colours, key_below
from pipeline.results.figures.svg import hover
from pipeline.results.text.words import listed


def conclusion_flip(axes: Axes, curve: pd.DataFrame) -> str:
    """Draw the median best-of-k validation accuracy per arm with its band over blocks.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    curve : DataFrame
        One dataset's rows of `experiments.analysis.conclusion_flip.conclusion_flip`.

    Returns
    -------
    str
        The caption. Thin lines are the ends of the bands, which would cover each other.
    """
    arms = list(dict.fromkeys(curve["arm"]))
    ink, lines = colours(arms), []
    for i, arm in enumerate(arms):
        rows = curve[curve["arm"] == arm].sort_values("k")
        style: dict[str, Any] = {"ls": STYLES[i % len(STYLES)], "color": ink[arm]}
        (line,) = axes.plot(
            rows["k"], 100 * rows["median"], marker=MARKERS[i % len(MARKERS)], ms=5, label=arm,
            **style,
        )  # fmt: skip
        hover(line, [arm])
        for end in ("low", "high"):
            axes.plot(rows["k"], 100 * rows[end], lw=0.8, alpha=0.8, **style)
        lines.append(line)
    _focus(axes, curve)
    axes.set_xlabel("learning-rate trials per arm (k)")
    axes.set_ylabel("best validation accuracy (%)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    key_below(axes, lines)
    trials = int(curve["n_trials"].max())
    return (
        f"median (thick) best of k out of {trials} trials, with its band over blocks (thin)\n"
        f"{_leaders(curve)}"
    )


def _leaders(curve: pd.DataFrame) -> str:
    changes = flips(curve)
    if not changes:
        return "no arm leads: too few trials finished"
    if len(changes) == 1:
        return f"{changes[0][1]} leads at every budget"
    return f"the lead changes: {listed([f'{arm} from k = {k}' for k, arm in changes])}"


def _focus(axes: Axes, curve: pd.DataFrame) -> None:
    # The band of a single draw can reach near chance and would flatten all curves.
    medians = 100 * curve["median"].dropna()
    if medians.empty:
        return
    top = float(100 * curve["high"].fillna(curve["median"]).max())
    floor = max(float(medians.min()), float(top - 6 * (top - medians.quantile(0.4)) - 0.2))
    pad = 0.06 * (top - floor) + 1e-3
    axes.set_ylim(floor - pad, top + pad)
