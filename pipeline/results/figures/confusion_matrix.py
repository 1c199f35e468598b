"""Confusion matrix of a cell: which class is taken for which."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.results.figures.style import PAPER, SIZE

# More classes than these, and the numbers would be too small to read.
_WRITTEN = 12


def confusion_matrix(
    axes: Axes, counts: NDArray[np.int64], *, cell: str, class_names: Sequence[str], n_runs: int
) -> str:
    """Draw errors per 1,000 images of the true class; the diagonal holds the accuracy.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    counts : array, shape (n_classes, n_classes)
        Row: true class; column: predicted class; summed over runs.
    cell : str
        Named in the caption.
    class_names : sequence of str
        In the order of the classes.
    n_runs : int
        Runs that were counted.

    Returns
    -------
    str
        The caption.
    """
    rates = 1000 * counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    diagonal = np.eye(len(counts), dtype=bool)
    errors = np.where(diagonal | (rates == 0), np.nan, rates)
    top = max(float(np.nanmax(errors, initial=0.0)), 1.0)
    axes.imshow(errors, cmap="YlOrBr", vmin=0, vmax=top * 1.15, aspect="auto")
    if len(counts) <= _WRITTEN:
        for (y, x), rate in np.ndenumerate(rates):
            dark = not diagonal[y, x] and rate > 0.7 * top
            _write(axes, (x, y), rate, diagonal=bool(diagonal[y, x]), dark=dark)
    names = [textwrap.shorten(name, 12, placeholder="…") for name in class_names]
    long = max(map(len, names)) > 3
    axes.set_xticks(range(len(counts)), names, rotation=50 if long else 0,
                    ha="right" if long else "center", rotation_mode="anchor")  # fmt: skip
    axes.set_yticks(range(len(counts)), names)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    plural = "s" * (n_runs > 1)
    return (
        f"{cell}, n = {n_runs} run{plural}, {int(counts.sum()):,} answers\n"
        "errors per 1,000 images of the true class; diagonal: share right in %; ·: none"
    )


def _write(
    axes: Axes, place: tuple[float, float], rate: float, *, diagonal: bool, dark: bool
) -> None:
    if diagonal:
        text = f"{rate / 10:.0f}"
    else:
        text = f"{rate:.0f}" if rate >= 0.5 else "<1" if rate else "·"
    axes.text(
        *place, text, ha="center", va="center", fontsize=SIZE,
        color=PAPER if dark else None if diagonal or not rate else "black",
        fontweight="bold" if diagonal else "normal",
    )  # fmt: skip
