"""A few examples of each class of a dataset of images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from pipeline.results.figures.mosaic import draw_mosaic, mosaic, name_row
from pipeline.results.figures.style import one_axes


def class_samples(
    figure: Figure,
    images: NDArray[np.integer],
    labels: NDArray[np.integer],
    *,
    class_names: Sequence[str],
    per_class: int = 10,
    most_classes: int = 20,
) -> str:
    """Draw the first images of each class in one row, and return the caption.

    Images, shape (n, h, w) or (n, h, w, 3 or 4), go from 0 to 255; grey ones are drawn dark on
    white. Classes beyond `most_classes` are counted in the caption. The figure's height is set.
    """
    shown = min(len(class_names), most_classes)
    axes = one_axes(figure, 0.4 * shown)
    axes.set_axis_off()
    height = images.shape[1]
    gap = max(height // 9, 1)
    blank = np.full(images.shape[1:], np.nan)
    tiles = []
    for row in range(shown):
        members = np.flatnonzero(labels == row)[:per_class]
        tiles += [*images[members], *[blank] * (per_class - len(members))]
        name_row(axes, class_names[row][:24], -gap, row * (height + gap) + height / 2)
    draw_mosaic(axes, mosaic(np.stack(tiles), columns=per_class, gap=gap))
    more = f"; {len(class_names) - shown} more classes" if shown < len(class_names) else ""
    return f"the first examples of each class as they stand in the file{more}"
