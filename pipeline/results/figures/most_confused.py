"""The test images that a study's runs get wrong most often."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from experiments.analysis.confusions import Confused
from pipeline.results.figures.mosaic import draw_mosaic, mosaic
from pipeline.results.figures.style import INK, SIZE
from pipeline.results.text.words import counted

COLUMNS = 4
LINES = 3


def gap_below(height: int) -> int:
    """Return the room for three lines of text under an image, in its pixels."""
    return max(round(0.62 * height), 3)


def most_confused(
    axes: Axes,
    images: Mapping[int, NDArray[np.uint8]],
    confused: Sequence[Confused],
    *,
    class_names: Sequence[str],
    n_runs: int,
) -> str:
    """Draw the images, under each its class, the usual guess, and how many runs erred.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    images : mapping of int to array, shape (h, w) or (h, w, channels)
        The images by `Confused.index`.
    confused : sequence of Confused
        From `rank_confused`.
    class_names : sequence of str
        In the order of the classes.
    n_runs : int
        Runs that answered.

    Returns
    -------
    str
        The caption.
    """
    tiles = np.stack([images[item.index] for item in confused]).astype(np.float64)
    (height, width), gap = tiles.shape[1:3], gap_below(tiles.shape[1])
    sheet = mosaic(tiles, columns=COLUMNS, gap=gap)
    draw_mosaic(axes, sheet)
    for i, item in enumerate(confused):
        y = (i // COLUMNS) * (height + gap) + height - 0.2
        x = (i % COLUMNS) * (width + gap) + width / 2
        names = [_short(class_names[item.label]), f"→ {_short(class_names[item.guess])}"]
        if len("".join(names)) < 10:
            names = [" ".join(names)]
        axes.annotate(
            "\n".join([*names, f"{item.errors} of {item.runs}"]), (x, y), xytext=(0, -2),
            textcoords="offset points", ha="center", va="top", fontsize=SIZE, color=INK,
            linespacing=1.1, annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(sheet.shape[0] + gap - 1, -1)
    return (
        f"over n = {counted(n_runs, 'run')} of all recipes: true class → usual guess, and how "
        "many of the runs that were asked got it wrong"
    )


def _short(name: str) -> str:
    return textwrap.shorten(name, 11, placeholder="…") or name[:10]
