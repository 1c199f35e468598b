"""The look of every figure: one set of settings, one set of colours that all readers can tell.

The colours are those of Okabe and Ito (2008), "Color Universal Design"; wherever a colour
carries meaning a marker, a line style or a word carries it too. Drawings are as wide as a phone:
what can be read there can be read everywhere.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

INK = "#1b1f24"
MUTED = "#5d6670"
FAINT = "#c9ced4"
GRID = "#e8eaed"
PAPER = "#ffffff"
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, PLUM = "#CC79A7", "#56B4E9", "#7a5195"
CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, PLUM, "#8c6d31")
STYLES = ("-", "--", "-.", (0, (1, 1.2)), (0, (5, 1, 1, 1, 1, 1)), "-", "--", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<")
# By the names that a page gives them: one line there changes a colour in every drawing.
PALETTE = {
    **{"f-ink": INK, "f-muted": MUTED, "f-faint": FAINT, "f-grid": GRID, "f-paper": PAPER},
    **{f"f-{i}": colour for i, colour in enumerate(CYCLE)},
}

# Inches and points. A phone shows a drawing at about this size.
WIDTH = 5.0
SIZE, HEADING = 11.5, 13.0
_LINE, _TOP = 1.28, 4.0
_LETTERS = 57
# The id of the texts above a drawing.
HEAD = "head"

VERDICTS: dict[str, tuple[str, str]] = {
    "helps": (BLUE, "^"),
    "hurts": (VERMILLION, "v"),
    "equivalent": (GREEN, "D"),
    "depends": (PLUM, "s"),
    "inconclusive": (MUTED, "o"),
}

SETTINGS: dict[str, Any] = {
    "figure.dpi": 100,
    "savefig.dpi": 144,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "font.family": "DejaVu Sans",
    "font.size": SIZE,
    "text.color": INK,
    "text.parse_math": False,
    "axes.labelcolor": INK,
    "axes.labelsize": SIZE,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.titlesize": SIZE,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SIZE,
    "ytick.labelsize": SIZE,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": SIZE,
    # Text stays text: it can be found, copied and read out, and a file takes a third of the room.
    "svg.fonttype": "none",
    "svg.hashsalt": "knockout",
}


def new_figure(height: float = 1.0) -> Figure:
    """Return a figure, `height` inches high under its heading, that no global state knows."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


def one_axes(figure: Figure, height: float) -> Axes:
    """Return the only axes of a figure that is `height` inches high under its heading."""
    figure.set_figheight(height)
    axes = figure.add_subplot()
    # A drawing is a phone wide; and ticks are what takes longest to draw.
    axes.locator_params(nbins=5)
    return axes


def say(figure: Figure, title: str, caption: str) -> None:
    """Set the title and, under it, the lines that say n and what the interval is.

    The figure grows by what they take; lines are broken to its width.
    """
    headings = textwrap.wrap(title, round(_LETTERS * SIZE / HEADING * 0.9))
    lines = [part for line in caption.splitlines() for part in textwrap.wrap(line, _LETTERS)]
    head = _TOP + _LINE * (HEADING * len(headings) + SIZE * len(lines)) + SIZE / 2
    width, body = figure.get_size_inches()
    height = body + head / 72
    figure.set_size_inches(width, height)
    cast(ConstrainedLayoutEngine, figure.get_layout_engine()).set(rect=(0, 0, 1, body / height))
    down = _TOP
    texts = [(line, HEADING, INK, "bold") for line in headings]
    texts += [(line, SIZE, MUTED, "normal") for line in lines]
    for text, size, ink, weight in texts:
        figure.text(
            0.008, 1 - down / 72 / height, text, size=size, color=ink, weight=weight, va="top",
            gid=HEAD,
        )  # fmt: skip
        down += _LINE * size


def head_points(figure: Figure) -> float:
    """Return how many points the heading and caption take at the top of a figure."""
    rect = cast(ConstrainedLayoutEngine, figure.get_layout_engine()).get()["rect"]
    return float(72 * figure.get_figheight() * (1 - rect[3]))


def broken(name: str, width: int) -> str:
    """Return a name on at most two lines of `width` letters; what is longer ends with dots."""
    lines = textwrap.wrap(name, width)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][: width - 1]}…"]
    return "\n".join(lines)


def key_below(axes: Axes | Figure, handles: Sequence[Any], *, columns: int = 3) -> None:
    """Put a key of these artists under the drawing, outside of it."""
    figure = axes if isinstance(axes, Figure) else axes.figure
    most = _LETTERS // columns
    for handle in handles:
        name = str(handle.get_label())
        handle.set_label(name if len(name) <= most else f"{name[: most - 1]}…")
    figure.legend(
        handles=list(handles), loc="outside lower left", ncols=columns, handlelength=2.0,
        columnspacing=1.2, handletextpad=0.5, borderaxespad=0.0,
    )  # fmt: skip


def short_power(value: float, _: object) -> str:
    """Return a tick's label with a short exponent: 1e-5."""
    return f"{value:g}".replace("e-0", "e-")


class Look(NamedTuple):
    """How one of several names is drawn."""

    ink: str
    line: Any
    marker: str


def looks(names: Iterable[str]) -> dict[str, Look]:
    """Give each name a look of its own, in order; beyond the cycle they repeat.

    Combinations come after single names, which so have one colour in every figure.
    """
    cycle = itertools.cycle(map(Look, CYCLE, STYLES, MARKERS))
    ordered = sorted(dict.fromkeys(names), key=lambda name: name.count("+"))
    return dict(zip(ordered, cycle, strict=False))
