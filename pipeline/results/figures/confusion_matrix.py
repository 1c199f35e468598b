"""Confusion matrix of the best cell: which class is taken for which."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.figure import Figure

from experiments.analysis.confusions import confusion_counts
from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.style import SIZE, one_axes
from pipeline.results.text.words import counted

# More classes than these, and the numbers would be too small to read.
_WRITTEN = 12


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
