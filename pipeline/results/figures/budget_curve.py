"""Conclusion-flip curve: the best value on validation data as the tuning budget grows."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.analysis import flips
from pipeline.results.figures.style import MARKERS, STYLES, colours, focus_on_best, key_below
from pipeline.results.figures.svg import hover
from pipeline.results.text.measure import Measure
from pipeline.results.text.words import listed


def conclusion_flip(axes: Axes, curve: pd.DataFrame, measure: Measure) -> str:
    """Draw the median best of k trials per arm, on validation data, with its band over blocks.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    curve : DataFrame
        One dataset's rows of `experiments.analysis.conclusion_flip.conclusion_flip`.
    measure : Measure
        The response, which chooses.

    Returns
    -------
    str
        The caption. Thin lines are the ends of the bands, which would cover each other.
    """
    arms = list(dict.fromkeys(curve["arm"]))
    ink, lines, scale = colours(arms), [], measure.response.scale
    for i, arm in enumerate(arms):
        rows = curve[curve["arm"] == arm].sort_values("k")
        style: dict[str, Any] = {"ls": STYLES[i % len(STYLES)], "color": ink[arm]}
        (line,) = axes.plot(
            rows["k"], scale * rows["median"], marker=MARKERS[i % len(MARKERS)], ms=5, label=arm,
            **style,
        )  # fmt: skip
        hover(line, [arm])
        for end in ("low", "high"):
            axes.plot(rows["k"], scale * rows[end], lw=0.8, alpha=0.8, **style)
        lines.append(line)
    drawn = pd.concat([curve["low"], curve["median"], curve["high"]])
    focus_on_best(axes, scale * drawn, measure.response.sign)
    axes.set_xlabel("trials per arm (k)")
    axes.set_ylabel(measure.head(f"best {measure.validation_title}"))
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
