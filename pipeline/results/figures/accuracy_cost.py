"""Accuracy against cost: every cell, and the front that no other cell beats in both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.style import FAINT, HALO, INK, MARKERS, MUTED, colours, say

_COSTS = {
    "steps": "CPU seconds of training per run (number of steps × measured cost per step)",
    "run": "CPU seconds per run (mean; the runs shared the machine)",
}


def accuracy_cost(
    axes: Axes, cells: pd.DataFrame, *, dataset: str, group: str, response: str, alpha: float
) -> Axes:
    """Draw mean accuracy over the cost of a run, the Pareto front joined and numbered.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    cells : DataFrame
        One dataset's rows of the cell table, the placebo left out; `cost_s` is the cost, and
        `cost_basis` says what it was reckoned from.
    dataset : str
        Named in the title.
    group : str
        The factor whose levels get colour and marker.
    response : str
        Named on the axis.
    alpha : float
        Intervals cover 1 − alpha.
    """
    shown = cells[cells["mean_accuracy"].notna() & cells["cost_s"].notna()]
    levels = list(dict.fromkeys(shown[group]))
    ink = colours(levels)
    percent = shown.assign(
        y=100 * shown["mean_accuracy"],
        down=100 * (shown["mean_accuracy"] - shown["mean_ci_low"]).fillna(0),
        up=100 * (shown["mean_ci_high"] - shown["mean_accuracy"]).fillna(0),
    )
    front = percent[percent["on_front"]].sort_values("cost_s")
    axes.step(front["cost_s"], front["y"], where="post", color=MUTED, lw=1, ls="--", zorder=1)
    for i, level in enumerate(levels):
        rows = percent[percent[group] == level]
        marker = MARKERS[i % len(MARKERS)]
        bars = [rows["down"], rows["up"]]
        axes.errorbar(
            rows["cost_s"], rows["y"], yerr=bars, fmt="none", color=FAINT, lw=0.9, zorder=2
        )
        off, on = rows[~rows["on_front"]], rows[rows["on_front"]]
        style: dict[str, Any] = {"marker": marker, "edgecolors": ink[level], "linewidths": 1.2}
        axes.scatter(off["cost_s"], off["y"], s=26, facecolors="white", zorder=3, **style)
        axes.scatter(
            on["cost_s"], on["y"], s=46, facecolors=ink[level], zorder=4, label=level, **style
        )
    axes.set_xlabel(_COSTS[str(cells["cost_basis"].iloc[0])])
    axes.set_ylabel(f"{response} (%)")
    # The interval of two runs may reach beyond what an accuracy can be; the axis does not.
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, -2.0), min(high, 102.0))
    n = int(shown["n"].max()) if len(shown) else 0
    known = np.isfinite(shown["mean_ci_low"]).any()
    bars_text = f"bars: {100 * (1 - alpha):g} % interval" if known else "no interval"
    level_text = f"n = {n} replicates; {bars_text}; filled: no cell is cheaper and more accurate"
    say(axes, f"Accuracy against cost · {dataset}", level_text)
    _key(axes, front, percent[percent["is_baseline"]], levels, ink)
    return axes


def _key(
    axes: Axes, front: pd.DataFrame, baseline: pd.DataFrame, levels: list[str], ink: dict[str, str]
) -> None:
    """Number the front's points and list their names at the right; name the groups there too."""
    for number, (_, row) in enumerate(front.iterrows(), 1):
        axes.annotate(
            str(number),
            (row["cost_s"], row["y"]),
            xytext=(-7, 6),
            textcoords="offset points",
            fontsize=8,
            ha="center",
            fontweight="bold",
            path_effects=HALO,
            zorder=5,
        )
    for _, row in baseline.iterrows():
        axes.annotate(
            "baseline",
            (row["cost_s"], row["y"]),
            xytext=(7, -12),
            textcoords="offset points",
            fontsize=8,
            color=INK,
            path_effects=HALO,
            zorder=5,
        )
    lines = [(f"{MARK[MARKERS[i % len(MARKERS)]]} {level}", ink[level])
             for i, level in enumerate(levels)]  # fmt: skip
    lines += [("", INK), ("on the front", MUTED)]
    names = [str(name) for name in front["cell"]]
    lines += [(f"{number} {name}", INK) for number, name in enumerate(names, 1)]
    for i, (text, colour) in enumerate(lines):
        axes.annotate(
            text,
            (1.03, 0.98),
            xytext=(0, -13 * i),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=8.5,
            color=colour,
            va="top",
            annotation_clip=False,
        )


MARK = dict(zip(MARKERS, "●■▲◆▼✚✖◀", strict=True))
