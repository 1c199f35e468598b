"""Confusion matrix of a cell: which class is taken for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.results.figures.style import FAINT, INK, say


def confusion_counts(
    labels: NDArray[np.integer], predictions: NDArray[np.integer], n_classes: int
) -> NDArray[np.int64]:
    """Count (true class, predicted class) pairs, shape (n_classes, n_classes)."""
    flat = labels.astype(np.int64) * n_classes + predictions
    return np.bincount(flat, minlength=n_classes**2).reshape(n_classes, n_classes)


def confusion_matrix(
    axes: Axes,
    counts: NDArray[np.int64],
    *,
    dataset: str,
    cell: str,
    class_names: Sequence[str],
    n_runs: int,
) -> Axes:
    """Draw errors per 1,000 images of the true class; the diagonal holds the accuracy.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    counts : array, shape (n_classes, n_classes)
        Row: true class; column: predicted class; summed over runs.
    dataset, cell : str
        Named in title and caption.
    class_names : sequence of str
        In the order of the classes.
    n_runs : int
        Runs that were counted.
    """
    per_row = counts.sum(axis=1, keepdims=True)
    rates = 1000 * counts / np.maximum(per_row, 1)
    errors = np.where(np.eye(len(counts), dtype=bool) | (rates == 0), np.nan, rates)
    top = max(float(np.nanmax(errors, initial=0.0)), 1.0)
    axes.imshow(errors, cmap="YlOrBr", vmin=0, vmax=top * 1.15, aspect="auto")
    for (y, x), rate in np.ndenumerate(rates):
        if y == x:
            text, ink = f"{rate / 10:.1f} %", INK
        else:
            text = f"{rate:.0f}" if rate >= 9.5 else f"{rate:.1f}"
            ink = "white" if rate > 0.7 * top else INK
            text, ink = ("·", FAINT) if rate == 0 else (text, ink)
        axes.text(x, y, text, ha="center", va="center", fontsize=7.5, color=ink,
                  fontweight="bold" if y == x else "normal")  # fmt: skip
    long = max(map(len, class_names)) > 3
    axes.set_xticks(range(len(counts)), class_names, rotation=40 if long else 0,
                    ha="right" if long else "center")  # fmt: skip
    axes.set_yticks(range(len(counts)), class_names)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    caption = (
        f"{cell}, n = {n_runs} run{'s' * (n_runs > 1)}, {int(counts.sum()):,} answers\n"
        "errors per 1,000 images of the true class; diagonal: share right"
    )
    say(axes, f"What the best cell confuses · {dataset}", caption)
    return axes
