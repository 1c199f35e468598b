"""Step-cost bars: what a component costs per training step."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from pipeline.figures.style import BLUE, FAINT, INK, MUTED, say
from pipeline.tables.rounding import ratio


def step_cost(axes: Axes, costs: pd.DataFrame, *, dataset: str) -> Axes:
    """Draw the ratio of a step's time with and without each component, from 1.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    costs : DataFrame
        One dataset's step costs with `title` and `control` (the A/A comparison) added.
    dataset : str
        Named in the title.
    """
    rows = costs.iloc[::-1].reset_index(drop=True)
    for y, row in enumerate(rows.to_dict("records")):
        ink = MUTED if row["control"] else BLUE
        axes.barh(y, 100 * (row["ratio"] - 1), height=0.56, color=ink, alpha=0.85)
        low, high = 100 * (row["ci_low"] - 1), 100 * (row["ci_high"] - 1)
        axes.plot([low, high], [y, y], color=INK, lw=1.6)
        axes.annotate(
            ratio(row["ratio"], row["ci_low"], row["ci_high"]),
            (1, y),
            xytext=(8, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            annotation_clip=False,
        )
    axes.axvline(0, color=INK, lw=1)
    axes.set_yticks(range(len(rows)), rows["title"])
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.spines["left"].set_color(FAINT)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel("extra time per training step (%)")
    processes = int(rows["n_processes"].max())
    say(axes, f"Cost per step · {dataset}", _caption(rows, processes))
    return axes


def _caption(rows: pd.DataFrame, processes: int) -> str:
    caption = f"n = {processes} fresh processes, one BLAS thread; line: 95 % interval"
    control = rows[rows["control"]]
    if control.empty:
        return f"{caption}\nno A/A control was measured"
    covers = bool(((control["ci_low"] <= 1) & (control["ci_high"] >= 1)).all())
    said = "covers 1.00, as it must" if covers else "does not cover 1.00: timings are disturbed"
    return f"{caption}\nthe A/A control {said}"
