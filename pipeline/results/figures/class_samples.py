"""A few examples of each class of a dataset of images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.results.figures.style import INK, say


def class_samples(
    axes: Axes,
    images: NDArray[np.integer],
    labels: NDArray[np.integer],
    *,
    class_names: Sequence[str],
    title: str,
    per_class: int = 10,
    most_classes: int = 20,
) -> Axes:
    """Draw the first images of each class in one row.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    images : array of uint8, shape (n, h, w) or (n, h, w, 3 or 4)
        Grey ones are drawn dark on white.
    labels : array of int, shape (n,)
        Their classes.
    class_names : sequence of str
        One name per class.
    title : str
        The dataset.
    per_class, most_classes : int
        Images per row, and rows; classes beyond them are counted in the caption.
    """
    shown = min(len(class_names), most_classes)
    height, width = images.shape[1:3]
    between = max(height // 9, 1)
    step_y, step_x = height + between, width + between
    sheet = np.zeros((shown * step_y - between, per_class * step_x - between, *images.shape[3:]))
    if images.ndim == 4:
        sheet += 255
    for row in range(shown):
        for column, index in enumerate(np.flatnonzero(labels == row)[:per_class]):
            y, x = row * step_y, column * step_x
            sheet[y : y + height, x : x + width] = images[index]
        axes.annotate(
            class_names[row][:24],
            (-between, row * step_y + height / 2),
            ha="right", va="center", color=INK, annotation_clip=False,
        )  # fmt: skip
    colour = images.ndim == 4
    axes.imshow(
        sheet / 255 if colour else sheet,
        cmap=None if colour else "gray_r",
        interpolation="nearest",
    )
    axes.set_axis_off()
    more = f"; {len(class_names) - shown} more classes" if shown < len(class_names) else ""
    say(axes, title, f"the first examples of each class as they stand in the file{more}")
    return axes
