"""Drawings that are read row by row: names on the left, marks or bars beside them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.results.figures.style import INK, broken, one_axes


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
