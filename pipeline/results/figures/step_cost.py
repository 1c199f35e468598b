"""Step-cost bars: what a component costs per training step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.style import BLUE, FAINT, INK, MUTED, SKY, VERMILLION, say
from pipeline.results.text.rounding import ratio

_INKS = {"component": BLUE, "together": SKY, "control": MUTED}


def step_cost(axes: Axes, costs: pd.DataFrame, *, dataset: str) -> Axes:
    """Draw the ratio of a step's time with and without each component, from 1.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    costs : DataFrame
        One dataset's rows of `step_rows`.
    dataset : str
        Named in the title.

    Returns
    -------
    Axes
        The diamond on the bar of all components together is what they add one by one.
    """
    rows = costs.iloc[::-1].reset_index(drop=True)
    everywhere = bool(rows["disturbed"].all())
    added = costs.loc[(costs["kind"] == "together") & costs["sum_ratio"].notna(), "sum_ratio"]
    say(axes, f"Cost per step · {dataset}", "\n".join(_caption(rows, summed=len(added) > 0)))
    for y, row in enumerate(rows.to_dict("records")):
        _bar(axes, y, row, disturbed=row["disturbed"] and not everywhere)
    for value in added:
        y = int(np.flatnonzero(rows["kind"] == "together")[0])
        axes.plot(100 * (value - 1), y, "D", ms=6, mfc="white", mec=INK, mew=1.3, zorder=4)
    axes.axvline(0, color=INK, lw=1)
    axes.set_yticks(range(len(rows)), rows["title"])
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    axes.spines["left"].set_color(FAINT)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel("extra CPU time per training step (%)")
    return axes


def _bar(axes: Axes, y: int, row: Mapping[Any, Any], *, disturbed: bool) -> None:
    ink = _INKS[row["kind"]]
    axes.barh(y, 100 * (row["ratio"] - 1), height=0.56, color=ink, alpha=0.85)
    low, high = 100 * (row["ci_low"] - 1), 100 * (row["ci_high"] - 1)
    axes.plot([low, high], [y, y], color=INK, lw=1.6)
    text = ratio(row["ratio"], row["ci_low"], row["ci_high"])
    if row["kind"] == "control":
        text = "×{ratio:.3f} [{ci_low:.3f}, {ci_high:.3f}]".format(**row)
    axes.annotate(
        f"{text} disturbed" if disturbed else text,
        (1, y),
        xytext=(8, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        color=VERMILLION if disturbed else INK,
        annotation_clip=False,
    )


def _caption(rows: pd.DataFrame, *, summed: bool) -> list[str]:
    level = 100 * float(rows["confidence"].iloc[0]) if "confidence" in rows else 95
    lines = [
        f"n = {int(rows['n_processes'].max())} fresh processes, one BLAS thread; "
        f"line: {level:g} % interval (Student's t over processes)"
    ]
    control = rows[rows["kind"] == "control"]
    if control.empty:
        lines.append("no A/A control was measured")
    else:
        covers = bool(((control["ci_low"] <= 1) & (control["ci_high"] >= 1)).all())
        off = 100 * (control["ratio"] - 1).abs().max()
        said = "covers 1.00, as it must"
        if not covers:
            said = f"does not cover 1.00 (1 in 20 does by chance): costs may be {off:.1f} % off"
        lines.append(f"the A/A control {said}")
    if summed:
        lines.append("diamond: the baseline plus what each component adds alone")
    if rows["disturbed"].any():
        whole = "all of them were disturbed" if rows["disturbed"].all() else "disturbed"
        lines.append(f"{whole}: wall time exceeded CPU time by more than 10 %")
    return lines
