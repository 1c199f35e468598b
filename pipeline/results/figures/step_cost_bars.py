"""Step-cost bars: what a component costs per training step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.rows import note_row, row_axes
from pipeline.results.figures.style import BLUE, INK, MUTED, PAPER, SKY, VERMILLION
from pipeline.results.figures.svg import hover
from pipeline.results.tables.costs import step_rows
from pipeline.results.text.rounding import ratio

_INKS = {"component": BLUE, "together": SKY, "control": MUTED}


@kind(
    "Cost per step",
    "Timed apart from the study: one process at a time, with and without interleaved.",
    "timing",
)
def step_cost(figure: Figure, m: Material) -> str | None:
    """Draw the ratio of a step's time with and without each component, from 1.

    The diamond on the bar of all components together is what they add one by one.
    """
    rows = step_rows(m.results, m.dataset)
    if rows.empty:
        return None
    axes = row_axes(figure, rows["title"].tolist(), "extra CPU time per training step (%)")
    everywhere = bool(rows["disturbed"].all())
    for y, row in enumerate(rows.to_dict("records")):
        _bar(axes, y, row, disturbed=row["disturbed"] and not everywhere)
        axes.plot(100 * (row["sum_ratio"] - 1), y, "D", ms=7, mfc=PAPER, mec=INK, mew=1.3, zorder=4)
    axes.axvline(0, color=INK, lw=1)
    return "\n".join(_caption(rows))


def _bar(axes: Axes, y: int, row: Mapping[Any, Any], *, disturbed: bool) -> None:
    ink = _INKS[row["kind"]]
    (bar,) = axes.barh(y, 100 * (row["ratio"] - 1), height=0.34, color=ink, alpha=0.85)
    low, high = 100 * (row["ci_low"] - 1), 100 * (row["ci_high"] - 1)
    axes.plot([low, high], [y, y], color=INK, lw=1.6)
    places = 3 if row["kind"] == "control" else 0
    text = ratio(row["ratio"], row["ci_low"], row["ci_high"], places=places)
    hover(bar, [f"{row['title']}: {text} per step, {row['us']:.0f} µs"])
    note = f"{text} disturbed" if disturbed else text
    note_row(axes, y - 0.08, note, ink=VERMILLION if disturbed else INK)


def _caption(rows: pd.DataFrame) -> list[str]:
    lines = [
        f"n = {int(rows['n_processes'].max())} fresh processes, one BLAS thread; line: "
        f"{100 * rows['confidence'].iloc[0]:g} % interval (Student's t over processes)"
    ]
    control = rows[rows["kind"] == "control"]
    off = 100 * (control["ratio"] - 1).abs().max()
    lines.append(
        "the A/A control covers 1.00, as it must"
        if rows["covers"].all()
        else f"the A/A control does not cover 1.00 (1 in 20 does by chance): costs may be "
        f"{off:.1f} % off"
    )
    if rows["sum_ratio"].notna().any():
        lines.append("diamond: the baseline plus what each component adds alone")
    if rows["disturbed"].any():
        which = "every row was disturbed" if rows["disturbed"].all() else "disturbed"
        lines.append(f"{which}: wall time exceeded CPU time by more than 10 %")
    return lines
