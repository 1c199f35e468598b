"""Accuracy against cost: every cell, and the front that no other cell beats in both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from pipeline.results.figures.material import Material, kind
from pipeline.results.figures.style import FAINT, INK, MUTED, PAPER, key_below, looks, one_axes
from pipeline.results.figures.svg import hover
from pipeline.results.text.estimates import MEAN, numbers_of
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import seconds
from pipeline.results.text.words import ranged

# About how large axes and a bold letter are, in points.
_AXES_POINTS = np.array([285.0, 160.0])
_LETTER_POINTS = 7.5
# Above first, then beside, then below.
_DIRECTIONS = ((-1, 1), (1, 1), (0, 1.4), (-1.2, 0), (1.2, 0), (1, -1), (-1, -1), (0, -1.4))
_COSTS = {
    "steps": "CPU seconds of training per run (steps × cost per step)",
    "run": "CPU seconds per run (mean; runs shared the machine)",
}


@kind(
    "{response} against cost",
    "Up and to the left is better. Neighbours on the front whose bars overlap may swap places in "
    "another study.",
    "cells",
)
def accuracy_cost(figure: Figure, m: Material) -> str | None:
    """Draw the mean response over the cost of a run, the Pareto front joined, its cells named.

    The levels of the factor with most of them get colour and marker.
    """
    cells, measure, scale = m.of("cells"), m.measure, m.measure.response.scale
    points = cells[cells["mean_accuracy"].notna() & cells["cost_s"].notna()]
    if points.empty:
        return None
    points = points.assign(
        hover=[_named(row, measure) for row in points.to_dict("records")],
        y=scale * points["mean_accuracy"],
        down=scale * (points["mean_accuracy"] - points["mean_ci_low"]).fillna(0),
        up=scale * (points["mean_ci_high"] - points["mean_accuracy"]).fillna(0),
    )
    front = points[points["on_front"]].sort_values("cost_s")
    group = max(m.results.study.factors, key=lambda factor: len(factor.levels)).name
    key = []
    looked = looks(points[group])
    axes = one_axes(figure, 3.6 + 0.22 * -(-(len(front) + len(looked)) // 2))
    axes.step(front["cost_s"], front["y"], where="post", color=MUTED, lw=1, ls="--", zorder=1)
    for level, look in looked.items():
        rows = points[points[group] == level]
        bars = [rows["down"], rows["up"]]
        axes.errorbar(
            rows["cost_s"], rows["y"], yerr=bars, fmt="none", color=FAINT, lw=0.9, zorder=2
        )
        for on, size, face in ((False, 30, PAPER), (True, 55, look.ink)):
            part = rows[rows["on_front"] == on]
            marks = axes.scatter(
                part["cost_s"], part["y"], s=size, facecolors=face, edgecolors=look.ink,
                marker=look.marker, zorder=3 + on, lw=1.2,
            )  # fmt: skip
            hover(marks, part["hover"].tolist())
        key.append(Line2D([], [], ls="", marker=look.marker, color=look.ink, label=level))
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
    _number(axes, points, front)
    names = [f"{i}  {cell}" for i, cell in enumerate(front["cell"], 1)]
    key += [Line2D([], [], ls="", color=INK, label=name) for name in names]
    key_below(axes, key, columns=2)
    bars_text = "no interval"
    if points["mean_ci_low"].notna().any():
        bars_text = f"bars: {100 * (1 - m.alpha):g} % interval"
    return (
        f"n = {ranged(points['n'].astype(int), 'replicate')}; {bars_text}; filled and numbered: "
        "no cell is cheaper and better"
    )


def _named(row: dict, measure: Measure) -> str:
    mean = measure.shown(*numbers_of(row, MEAN))
    return f"{row['cell']}: {mean}, {seconds(row['cost_s'])}, n = {row['n']}"


def _number(axes: Axes, points: pd.DataFrame, front: pd.DataFrame) -> None:
    """Number the front's points and name the baseline, on patches that keep them readable."""
    patch = {"facecolor": PAPER, "alpha": 0.75, "pad": 0.6, "lw": 0}
    baseline, columns = points[points["is_baseline"]], ["cost_s", "y"]
    names = [*["baseline"] * len(baseline), *(str(i + 1) for i in range(len(front)))]
    named = pd.concat([baseline, front])[columns].to_numpy(float)
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
        taken += [at + shift + np.array([side, 0.0]) for side in (-wide, 0.0, wide)]
        places.append(shift)
    return places
