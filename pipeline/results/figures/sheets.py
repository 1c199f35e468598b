"""Sheets of many small images, such as some of each class."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from pipeline.results.figures.style import INK, WIDTH, one_axes


def mosaic(images: NDArray[np.floating], *, columns: int, gap: int) -> NDArray[np.float64]:
    """Lay images, shape (n, h, w[, channels]), out in rows, `gap` pixels of NaN between them.

    Returns
    -------
    array, shape (rows · (h + gap) − gap, columns · (w + gap) − gap[, channels])

    Examples
    --------
    >>> mosaic(np.ones((3, 2, 2)), columns=2, gap=1).shape
    (5, 5)
    """
    n, height, width, *channels = images.shape
    rows = math.ceil(n / columns)
    sheet = np.full((rows * (height + gap), columns * (width + gap), *channels), np.nan)
    for i, image in enumerate(images):
        y, x = (i // columns) * (height + gap), (i % columns) * (width + gap)
        sheet[y : y + height, x : x + width] = image
    return sheet[: rows * (height + gap) - gap, : columns * (width + gap) - gap]


def sheet_axes(figure: Figure, high: int, wide: int, *, sides: float = 0.15) -> Axes:
    """Return axes as high as so many pixels are between what is `sides` inches wide."""
    axes = one_axes(figure, (WIDTH - sides) * high / wide)
    axes.set_axis_off()
    return axes


def draw_sheet(axes: Axes, sheet: NDArray[np.float64]) -> AxesImage:
    """Draw a sheet of pixels from 0 to 255: grey ones dark on white, coloured ones as they are."""
    if sheet.ndim == 3:
        return axes.imshow(np.nan_to_num(sheet / 255, nan=1.0), interpolation="none")
    return axes.imshow(sheet, cmap="gray_r", interpolation="none")


def name_row(axes: Axes, name: str, x: float, y: float) -> None:
    """Write what a row of images is on its left."""
    axes.annotate(name, (x, y), ha="right", va="center", color=INK, annotation_clip=False)


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
    shown, height = min(len(class_names), most_classes), images.shape[1]
    axes = one_axes(figure, 0.4 * shown)
    axes.set_axis_off()
    gap = max(height // 9, 1)
    tiles = np.full((shown, per_class, *images.shape[1:]), np.nan)
    for row in range(shown):
        members = images[labels == row][:per_class]
        tiles[row, : len(members)] = members
        name_row(axes, class_names[row][:24], -gap, row * (height + gap) + height / 2)
    draw_sheet(axes, mosaic(tiles.reshape(-1, *images.shape[1:]), columns=per_class, gap=gap))
    more = f"; {len(class_names) - shown} more classes" if shown < len(class_names) else ""
    return f"the first examples of each class as they stand in the file{more}"
