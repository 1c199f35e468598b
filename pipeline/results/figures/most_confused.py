"""The test images that a cell's runs get wrong most often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.results.figures.mosaic import draw_mosaic, mosaic
from pipeline.results.figures.style import INK, say

COLUMNS = 6


def gap_below(height: int) -> int:
    """Return the room for two lines of text under an image, in its pixels."""
    return max(round(0.42 * height), 3)


@dataclass(frozen=True)
class Confused:
    """One image: where it lies, what it is, what most runs take it for, and how many err."""

    index: int
    label: int
    guess: int
    errors: int
    runs: int


def rank_confused(
    test_index: NDArray[np.int64],
    labels: NDArray[np.integer],
    predictions: NDArray[np.integer],
    *,
    count: int,
) -> list[Confused]:
    """Return the images with the largest share of errors, most runs first, then by index.

    Parameters
    ----------
    test_index, labels, predictions : arrays, shape (n_answers,)
        One entry per run and image, runs one after the other.
    count : int
        At most so many images.
    """
    images, inverse = np.unique(test_index, return_inverse=True)
    runs = np.bincount(inverse)
    errors = np.bincount(inverse, weights=predictions != labels).astype(np.int64)
    order = np.lexsort((images, -runs, -errors / runs))
    found = []
    for place in order[:count]:
        if not errors[place]:
            break
        mine = inverse == place
        label = int(labels[mine][0])
        wrong = predictions[mine][predictions[mine] != label]
        guess = int(np.bincount(wrong).argmax())
        found.append(
            Confused(int(images[place]), label, guess, int(errors[place]), int(runs[place]))
        )
    return found


def most_confused(
    axes: Axes,
    images: Mapping[int, NDArray[np.uint8]],
    confused: Sequence[Confused],
    *,
    dataset: str,
    cell: str,
    class_names: Sequence[str],
) -> Axes:
    """Draw the images with "true → guessed, errors/runs" under each.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    images : mapping of int to array, shape (h, w) or (h, w, channels)
        The images by `Confused.index`.
    confused : sequence of Confused
        From `rank_confused`.
    dataset, cell : str
        Named in title and caption.
    class_names : sequence of str
        In the order of the classes.
    """
    tiles = np.stack([images[item.index] for item in confused]).astype(np.float64)
    columns, (height, width), gap = COLUMNS, tiles.shape[1:3], gap_below(tiles.shape[1])
    sheet = mosaic(tiles, columns=columns, gap=gap)
    draw_mosaic(axes, sheet)
    for i, item in enumerate(confused):
        y = (i // columns) * (height + gap) + height - 0.2
        x = (i % columns) * (width + gap) + width / 2
        names = f"{_short(class_names[item.label])} → {_short(class_names[item.guess])}"
        axes.annotate(f"{names}\n{item.errors} of {item.runs}", (x, y), xytext=(0, -2),
                      textcoords="offset points", ha="center", va="top", fontsize=6.5, color=INK,
                      linespacing=1.1, annotation_clip=False)  # fmt: skip
    axes.set_ylim(sheet.shape[0] + gap - 1, -1)
    caption = f"{cell}; true class → usual guess, and in how many runs it was wrong"
    say(axes, f"Images that are wrong most often · {dataset}", caption)
    return axes


def _short(name: str) -> str:
    return name if len(name) <= 11 else f"{name[:10]}…"
