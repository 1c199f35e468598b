"""Matrices with a number in every field: classes that are confused, components that interact."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from experiments.analysis.confusions import confusion_counts
from pipeline.results.figures.material import Material, kind
from pipeline.results.figures.style import MUTED, PAPER, SIZE, broken, one_axes
from pipeline.results.text.estimates import Row
from pipeline.results.text.rounding import decimals, half_width, signed
from pipeline.results.text.words import counted, ranged

# More classes than these, and the numbers would be too small to read.
_WRITTEN = 12
_MARKS = {"synergistic": "▲", "antagonistic": "▼", "redundant": "≈", "additive": "◆"}


@kind("What the best cell confuses", "Counted over all its runs.", "best cell")
def confusion_matrix(figure: Figure, m: Material) -> str | None:
    """Draw errors per 1,000 images of the true class; the diagonal holds the accuracy."""
    answers = m.answers(m.runs["cell"] == m.best_cell)
    if not answers.n_runs:
        return None
    class_names = m.class_names(answers)
    counts = confusion_counts(answers.labels, answers.guesses, len(class_names))
    rates = 1000 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    errors = np.where(np.eye(len(counts), dtype=bool) | (rates == 0), np.nan, rates)
    top = max(float(np.nanmax(errors, initial=0.0)), 1.0)
    axes = one_axes(figure, 4.3)
    axes.imshow(errors, cmap="YlOrBr", vmin=0, vmax=top * 1.15, aspect="auto")
    if len(counts) <= _WRITTEN:
        for (y, x), rate in np.ndenumerate(rates):
            right, text = y == x, f"{rate:.0f}" if rate >= 0.5 else "<1" if rate else "·"
            dark = not right and rate > 0.7 * top
            axes.text(
                x, y, f"{rate / 10:.0f}" if right else text, ha="center", va="center",
                fontsize=SIZE, fontweight="bold" if right else "normal",
                color="white" if dark else None if right or not rate else "black",
            )  # fmt: skip
    names = [textwrap.shorten(name, 12, placeholder="…") for name in class_names]
    long = max(map(len, names)) > 3
    axes.set_xticks(range(len(counts)), names, rotation=50 if long else 0,
                    ha="right" if long else "center", rotation_mode="anchor")  # fmt: skip
    axes.set_yticks(range(len(counts)), names)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    return (
        f"{m.best_cell}, n = {counted(answers.n_runs, 'run')}, {int(counts.sum()):,} answers\n"
        "errors per 1,000 images of the true class; diagonal: share right in %; ·: none"
    )


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
    drawn = axes.imshow(values, cmap="PuOr_r", vmin=-2 * limit, vmax=2 * limit, aspect="auto")
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
    return (
        f"both − each alone + neither{f', in{step}' if step else ''}, ± half the interval, n = "
        f"{ranged(table['n'].dropna().astype(int), 'replicate')}; p adjusted after Holm over "
        f"{counted(int(table['family_size'].iloc[0]), 'pair')}\n"
        "▲ synergistic  ▼ antagonistic  ≈ redundant  ◆ additive (inside "
        f"±{margin:g}{step})  no mark: inconclusive  framed: the largest"
    )


def _write(axes: Axes, x: int, y: int, row: Row) -> None:
    """Write an interaction, its verdict's mark and half its interval into its field."""
    if not np.isfinite(row["interaction_pp"]):
        axes.text(x, y, "not in\ndesign", ha="center", va="center", color=MUTED)
        return
    places = decimals(row["ci_low_pp"], row["ci_high_pp"])
    half = half_width(row["ci_low_pp"], row["ci_high_pp"], places)
    text = f"{signed(row['interaction_pp'], places)} {_MARKS.get(row['pair'], '')}".strip()
    weight = "normal" if row["pair"] in ("additive", "inconclusive") else "bold"
    # Dark on light colours whatever the page's colours are.
    axes.text(x, y, text, ha="center", va="bottom", color="black", fontweight=weight)
    axes.text(x, y, half.strip(), ha="center", va="top", color="black")
