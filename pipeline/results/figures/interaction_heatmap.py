"""Interaction heatmap: how the effect of one component depends on another."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from pipeline.results.figures.style import INK, MUTED, say
from pipeline.results.text.rounding import decimals, signed

_MARK = {"synergistic": "▲", "antagonistic": "▼", "redundant": "≈", "additive": "◆"}


def interaction_heatmap(axes: Axes, table: pd.DataFrame, *, dataset: str) -> Axes:
    """Draw two-way interactions in percentage points, each pair once.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    table : DataFrame
        One dataset's rows of the interactions table with `title_a`, `title_b` added.
    dataset : str
        Named in the title.

    Returns
    -------
    Axes
        Orange: together more than the sum; purple: less. A mark names the pair's verdict.
    """
    rows, columns = list(dict.fromkeys(table["title_a"])), list(dict.fromkeys(table["title_b"]))
    shape = (len(rows), len(columns))
    values = np.full(shape, np.nan)
    for row in table.to_dict("records"):
        place = rows.index(row["title_a"]), columns.index(row["title_b"])
        values[place] = row["interaction_pp"]
        _write(axes, place, row)
    limit = max(float(np.nanmax(np.abs(values))), float(table["margin_pp"].iloc[0]))
    # Twice the range keeps the colours light enough for dark figures on them.
    axes.imshow(values, cmap="PuOr_r", vmin=-2 * limit, vmax=2 * limit, aspect="auto")
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    axes.grid(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_xticks(np.arange(1, len(columns)) - 0.5, minor=True)
    axes.set_yticks(np.arange(1, len(rows)) - 0.5, minor=True)
    axes.grid(which="minor", color="white", lw=3)
    axes.tick_params(which="minor", length=0)
    blocks = int(table["n"].max())
    margin, size = float(table["margin_pp"].iloc[0]), int(table["family_size"].iloc[0])
    caption = (
        f"both − each alone + neither, pp, n = {blocks} replicates; p adjusted after Holm over "
        f"{size} pairs\n▲ synergistic   ▼ antagonistic   ≈ redundant   "
        f"◆ additive (inside ±{margin:g} pp)   no mark: inconclusive"
    )
    say(axes, f"Which components depend on each other · {dataset}", caption)
    return axes


def _write(axes: Axes, place: tuple[int, int], row: dict) -> None:
    y, x = place
    if not np.isfinite(row["interaction_pp"]):
        axes.text(x, y, "not in design", ha="center", va="center", fontsize=7.5, color=MUTED)
        return
    mark = _MARK.get(row["pair"], "")
    weight = "bold" if row["pair"] in ("synergistic", "antagonistic", "redundant") else "normal"
    places = decimals(row["ci_low_pp"], row["ci_high_pp"])
    text = f"{signed(row['interaction_pp'], places)} {mark}".strip()
    axes.text(x, y - 0.1, text, ha="center", va="center", color=INK, fontweight=weight)
    if np.isfinite(row["ci_low_pp"]):
        ends = f"[{signed(row['ci_low_pp'], places)}, {signed(row['ci_high_pp'], places)}]"
        axes.text(x, y + 0.24, ends, ha="center", va="center", fontsize=7, color=INK)
