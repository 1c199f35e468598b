"""The look of every figure: one set of settings, one set of colours that all readers can tell.

The colours are those of Okabe and Ito (2008), "Color Universal Design"; wherever a colour
carries meaning a marker, a line style or a word carries it too.
"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

INK = "#1b1f24"
MUTED = "#5d6670"
FAINT = "#c9ced4"
GRID = "#e8eaed"
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW = "#CC79A7", "#56B4E9", "#F0E442"
CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, "#7a5195", "#8c6d31")
STYLES = ("-", "--", "-.", (0, (1, 1.2)), (0, (5, 1, 1, 1, 1, 1)), "-", "--", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")

# White around a label that may lie on marks and lines.
HALO = [withStroke(linewidth=2.5, foreground="white")]

# The underscore keeps it out of legends.
CAPTION = "_caption"
VERDICTS: dict[str, tuple[str, str]] = {
    "helps": (BLUE, "^"),
    "hurts": (VERMILLION, "v"),
    "equivalent": (GREEN, "D"),
    "inconclusive": (MUTED, "o"),
}

SETTINGS: dict[str, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 144,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 9.0,
    "axes.labelcolor": INK,
    "axes.labelsize": 9.0,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    # Glyphs as outlines: the file looks the same wherever it is opened.
    "svg.fonttype": "path",
    "svg.hashsalt": "knockout",
}


def new_axes(width: float, height: float) -> Axes:
    """Return the axes of a new figure, in inches, that no global state knows."""
    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def say(axes: Axes, title: str, caption: str) -> None:
    """Set the title and, under it, the lines that say n and what the interval is."""
    axes.set_title(title, pad=22 + 11 * caption.count("\n"))
    axes.annotate(
        caption,
        (0, 1),
        xytext=(0, 8),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=8,
        color=MUTED,
        va="bottom",
        label=CAPTION,
    )


def said(axes: Axes) -> str:
    """Return title and caption as `say` set them, in one line."""
    captions = [text.get_text() for text in axes.texts if text.get_label() == CAPTION]
    return " ".join(". ".join([axes.get_title(loc="left"), *captions]).split())


def colours(names: list[str]) -> dict[str, str]:
    """Give each name a colour, in order; beyond the cycle they repeat."""
    return {name: CYCLE[i % len(CYCLE)] for i, name in enumerate(names)}
