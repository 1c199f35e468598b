"""Interaction heatmap: how the effect of one component depends on another."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.style import MUTED, PAPER, broken, one_axes
from pipeline.results.text.rounding import decimals, signed
from pipeline.results.text.words import counted, ranged

_MARK = {
    **{"synergistic": "▲", "antagonistic": "▼", "redundant": "≈"},
    **{"additive": "◆", "inconclusive": ""},
}
_COLOURS = "PuOr_r"


@kind(
    "Which components depend on each other",
    "Zero means that two components together do just the sum of what they do alone.",
    "cells",
)
def interaction_heatmap(figure: Figure, m: Material) -> str | None:
    """Draw two-way interactions, each pair once, with a key of the colours.

    Orange: together more than the sum; purple: less; the frame marks the largest in size. A mark
    names the pair's verdict.
    """
    table, step = m.of("interactions"), m.measure.step
    if table["interaction_pp"].isna().all():
        return None
    rows, columns = list(dict.fromkeys(table["title_a"])), list(dict.fromkeys(table["title_b"]))
    axes = one_axes(figure, 1.6 + 0.55 * len(rows))
    values = np.full((len(rows), len(columns)), np.nan)
    for row in table.to_dict("records"):
        y, x = rows.index(row["title_a"]), columns.index(row["title_b"])
        values[y, x] = row["interaction_pp"]
        _write(axes, x, y, row)
    margin = float(table["margin_pp"].iloc[0])
    limit = max(float(np.nanmax(np.abs(values))), margin)
    # Twice the range keeps the colours light enough for dark figures on them.
    drawn = axes.imshow(values, cmap=_COLOURS, vmin=-2 * limit, vmax=2 * limit, aspect="auto")
    top, left = np.unravel_index(np.nanargmax(np.abs(values)), values.shape)
    axes.add_patch(
        Rectangle(
            (left - 0.46, top - 0.45), 0.92, 0.9, fill=False, edgecolor="black", lw=1.6, zorder=4
        )
    )
    key = figure.colorbar(
        drawn, ax=axes, orientation="horizontal", aspect=34, fraction=0.05, pad=0.03
    )
    key.set_ticks([-limit, 0, limit], labels=[f"{signed(x, 2)}{step}" for x in (-limit, 0, limit)])
    key.ax.set_xlim(-limit, limit)
    key.outline.set_visible(False)
    axes.set_xticks(range(len(columns)), [broken(name, 13) for name in columns])
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(rows)), [broken(name, 17) for name in rows])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(1, len(columns)) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, len(rows)) - 0.5, minor=True)
    axes.grid(which="minor", color=PAPER, lw=3)
    axes.tick_params(which="both", length=0)
    unit = f", in{step}" if step else ""
    return (
        f"both − each alone + neither{unit}, ± half the interval, n = "
        f"{ranged(table['n'].dropna().astype(int), 'replicate')}; p adjusted after Holm over "
        f"{counted(int(table['family_size'].iloc[0]), 'pair')}\n"
        "▲ synergistic  ▼ antagonistic  ≈ redundant  ◆ additive (inside "
        f"±{margin:g}{step})  no mark: inconclusive  framed: the largest"
    )


def _write(axes: Axes, x: int, y: int, row: dict) -> None:
    if not np.isfinite(row["interaction_pp"]):
        axes.text(x, y, "not in\ndesign", ha="center", va="center", color=MUTED)
        return
    places = decimals(row["ci_low_pp"], row["ci_high_pp"])
    half = (row["ci_high_pp"] - row["ci_low_pp"]) / 2
    text = f"{signed(row['interaction_pp'], places)} {_MARK[row['pair']]}".strip()
    weight = "bold" if row["pair"] in ("synergistic", "antagonistic", "redundant") else "normal"
    # Dark on light colours whatever the page's colours are.
    axes.text(x, y, text, ha="center", va="bottom", color="black", fontweight=weight)
    if np.isfinite(half):
        axes.text(x, y, f"± {half:.{places}f}", ha="center", va="top", color="black")
