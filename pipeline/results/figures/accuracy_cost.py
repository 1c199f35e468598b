"""Accuracy against cost: every cell, and the front that no other cell beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from pipeline.results.figures.style import (
    FAINT,
    INK,
    MARKERS,
    MUTED,
    PAPER,
    colours,
    key_below,
)
from pipeline.results.figures.svg import hover
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import seconds
from pipeline.results.text.words import counted

_NEEDED = ["cell", "n", "mean_accuracy", "mean_ci_low", "mean_ci_high", "cost_s"]
_NEEDED += ["on_front", "is_baseline"]
# About how large axes and a bold letter are, in points.
_AXES_POINTS = np.array([285.0, 160.0])
_LETTER_POINTS = 7.5
# Above first, then beside, then below.
_DIRECTIONS = ((-1, 1), (1, 1), (0, 1.4), (-1.2, 0), (1.2, 0), (1, -1), (-1, -1), (0, -1.4))
_COSTS = {
    "steps": "CPU seconds of training per run (steps × cost per step)",
    "run": "CPU seconds per run (mean; runs shared the machine)",
}


def accuracy_cost(
    axes: Axes, cells: pd.DataFrame, *, group: str, measure: Measure, alpha: float
) -> str:
    """Draw the mean response over the cost of a run, the Pareto front joined, its cells named.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    cells : DataFrame
        One dataset's rows of the cell table, the placebo left out; `cost_s` is the cost, and
        `cost_basis` says what it was reckoned from.
    group : str
        The factor whose levels get colour and marker.
    measure : Measure
        Named on the axis.
    alpha : float
        Intervals cover 1 − alpha.

    Returns
    -------
    str
        The caption.
    """
    named = cells[[*_NEEDED, group]]
    shown = named[named["mean_accuracy"].notna() & named["cost_s"].notna()]
    levels = list(dict.fromkeys(shown[group]))
    ink = colours(levels)
    scale = measure.response.scale
    points = shown.assign(
        y=scale * shown["mean_accuracy"],
        down=scale * (shown["mean_accuracy"] - shown["mean_ci_low"]).fillna(0),
        up=scale * (shown["mean_ci_high"] - shown["mean_accuracy"]).fillna(0),
    )
    front = points[points["on_front"]].sort_values("cost_s")
    axes.step(front["cost_s"], front["y"], where="post", color=MUTED, lw=1, ls="--", zorder=1)
    for i, level in enumerate(levels):
        rows = points[points[group] == level]
        bars = [rows["down"], rows["up"]]
        axes.errorbar(
            rows["cost_s"], rows["y"], yerr=bars, fmt="none", color=FAINT, lw=0.9, zorder=2
        )
        style: dict[str, Any] = {"marker": MARKERS[i % len(MARKERS)], "edgecolors": ink[level]}
        for on, size in ((False, 30), (True, 55)):
            part = rows[rows["on_front"] == on]
            face = ink[level] if on else PAPER
            marks = axes.scatter(
                part["cost_s"], part["y"], s=size, facecolors=face, zorder=3 + on, lw=1.2, **style
            )
            hover(marks, [_named(row, measure) for row in part.to_dict("records")])
    axes.set_xlabel(_COSTS[str(cells["cost_basis"].iloc[0])], loc="right")
    axes.set_ylabel(measure.head(measure.title))
    if measure.response.unit == "%":
        # The interval of two runs may reach beyond what a share can be; the axis does not.
        low, high = axes.get_ylim()
        axes.set_ylim(max(low, -2.0), min(high, 102.0))
    axes.margins(x=0.08)
    # The baseline is often the cheapest and the worst: below it there is room for its name.
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.12 * (high - low), high)
    _number(axes, points)
    key_below(axes, [*_groups(levels, ink), *_names(front)], columns=2)
    bars_text = "no interval"
    if shown["mean_ci_low"].notna().any():
        bars_text = f"bars: {100 * (1 - alpha):g} % interval"
    return (
        f"n = {counted(int(shown['n'].max()), 'replicate')}; {bars_text}; filled and numbered: "
        "no cell is cheaper and better"
    )


def _named(row: dict, measure: Measure) -> str:
    mean = measure.value(row["mean_accuracy"], row["mean_ci_low"], row["mean_ci_high"])
    return f"{row['cell']}: {mean}{measure.unit}, {seconds(row['cost_s'])}, n = {row['n']}"


def _number(axes: Axes, points: pd.DataFrame) -> None:
    """Number the front's points and name the baseline, on patches that keep them readable."""
    patch = {"facecolor": PAPER, "alpha": 0.75, "pad": 0.6, "lw": 0}
    front, baseline = points[points["on_front"]].sort_values("cost_s"), points["is_baseline"]
    names = [*["baseline"] * int(baseline.sum()), *(str(i + 1) for i in range(len(front)))]
    columns = ["cost_s", "y"]
    named = pd.concat([points[baseline], front])[columns].to_numpy(float)
    places = _free_places(axes, names, named, points[columns].to_numpy(float))
    for text, point, shift in zip(names, named, places, strict=True):
        line = {"arrowstyle": "-", "color": MUTED, "lw": 0.8} if text == "baseline" else None
        axes.annotate(
            text, tuple(point), xytext=shift, textcoords="offset points", ha="center",
            va="center", fontweight="bold", bbox=patch, zorder=6,
            arrowprops=line,
        )  # fmt: skip


def _free_places(
    axes: Axes, names: Sequence[str], named: NDArray[np.float64], marks: NDArray[np.float64]
) -> list[tuple[float, float]]:
    """Return where each name goes from its point, in points: beside others, not upon them."""
    sides = np.array([np.diff(axes.get_xlim()), np.diff(axes.get_ylim())])[:, 0]
    left = float(axes.get_xlim()[0] / sides[0] * _AXES_POINTS[0])
    taken = [*(marks / sides * _AXES_POINTS)]
    places = []
    for name, at in zip(names, named / sides * _AXES_POINTS, strict=True):
        wide = _LETTER_POINTS * len(name) / 2
        directions = _DIRECTIONS[-3:] if name == "baseline" else _DIRECTIONS
        options = [
            (x * (wide + 6 + out), y * (9 + out)) for out in (0, 8, 16) for x, y in directions
        ]
        clashes = [
            sum(abs(at[0] + x - px) < wide + 5 and abs(at[1] + y - py) < 10 for px, py in taken)
            + len(taken) * (at[0] + x - wide < left)
            for x, y in options
        ]
        # A name is known by its point: of equally free places the first, which is the nearest.
        shift = options[int(np.argmin(clashes))]
        taken.append(at + np.array(shift))
        places.append(shift)
    return places


def _groups(levels: list[str], ink: dict[str, str]) -> list[Line2D]:
    return [
        Line2D([], [], ls="", marker=MARKERS[i % len(MARKERS)], color=ink[level], label=level)
        for i, level in enumerate(levels)
    ]


def _names(front: pd.DataFrame) -> list[Line2D]:
    return [
        Line2D([], [], ls="", color=INK, label=f"{i}  {cell}")
        for i, cell in enumerate(front["cell"], 1)
    ]
