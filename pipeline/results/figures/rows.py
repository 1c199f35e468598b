"""Drawings that are read row by row: names on the left, marks or bars beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from pipeline.results.figures.style import BLUE, FAINT, INK, broken, one_axes, say


def row_axes(figure: Figure, names: Sequence[str], label: str) -> Axes:
    """Return axes with a row for each name, the first on top, and what is measured along them.

    Names that are long are broken.
    """
    axes = one_axes(figure, 0.85 + 0.5 * len(names))
    axes.set_yticks(range(len(names)), [broken(name, 17) for name in names])
    axes.set_ylim(len(names) - 0.45, -0.75)
    # Below names that take half the width there is room to the left alone.
    axes.set_xlabel(label, loc="right")
    without_row_lines(axes)
    return axes


def without_row_lines(axes: Axes) -> None:
    """Leave out ticks and grid lines of rows that have names."""
    axes.grid(False, axis="y")
    axes.tick_params(axis="y", length=0)


def note_row(axes: Axes, y: float, text: str, *, ink: str = INK) -> None:
    """Write a row's numbers above its marks, from the left edge of the axes."""
    axes.annotate(
        text, (0, y), xytext=(3, 9), xycoords=("axes fraction", "data"),
        textcoords="offset points", va="center", color=ink, zorder=5,
    )  # fmt: skip


def note_end(axes: Axes, x: float, y: float, text: str, *, gap: float = 4) -> None:
    """Write what a bar amounts to beside its end, `gap` points away."""
    axes.annotate(text, (x, y), xytext=(gap, 0), textcoords="offset points", va="center")


def prediction(
    figure: Figure,
    pixels: NDArray[np.floating],
    probabilities: NDArray[np.float64],
    *,
    title: str,
    network: str,
    class_names: Sequence[str],
) -> None:
    """Draw the picture, shape (h, w), as the network got it, and a bar for each class.

    `title` is the picture's name, `network` says which one answers.
    """
    best = int(probabilities.argmax())
    say(
        figure,
        f"{class_names[best]}, says the network",
        f"{title}, as the network got it; {network}; probabilities are not calibrated",
    )
    picture, bars = figure.subplots(1, 2, width_ratios=(1, 1.3))
    picture.imshow(pixels, cmap="gray_r", interpolation="none", vmin=0)
    picture.set_axis_off()
    inks = [BLUE if i == best else FAINT for i in range(len(probabilities))]
    places = np.arange(len(probabilities))
    bars.barh(places, 100 * probabilities, color=inks, height=0.7)
    for y, p in enumerate(probabilities):
        note_end(bars, 100 * p, y, f"{100 * p:.1f} %")
    bars.set_yticks(places, class_names)
    bars.invert_yaxis()
    bars.set_xlim(0, 150)
    without_row_lines(bars)
    bars.set_xlabel("probability (%)")
