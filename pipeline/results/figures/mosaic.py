"""Many small images laid out as one."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
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
    size = (rows * (height + gap) - gap, columns * (width + gap) - gap)
    sheet = np.full((*size, *channels), np.nan)
    for i, image in enumerate(images):
        y, x = (i // columns) * (height + gap), (i % columns) * (width + gap)
        sheet[y : y + height, x : x + width] = image
    return sheet


def mosaic_axes(figure: Figure, high: int, wide: int, *, sides: float = 0.15) -> Axes:
    """Return axes as high as so many pixels are between what is `sides` inches wide."""
    axes = one_axes(figure, (WIDTH - sides) * high / wide)
    axes.set_axis_off()
    return axes


def draw_mosaic(
    axes: Axes,
    sheet: NDArray[np.float64],
    *,
    extent: tuple[float, float, float, float] | None = None,
) -> None:
    """Draw a sheet of pixels from 0 to 255: grey ones dark on white, coloured ones as they are."""
    if sheet.ndim == 3:
        axes.imshow(np.nan_to_num(sheet / 255, nan=1.0), interpolation="none", extent=extent)
    else:
        axes.imshow(sheet, cmap="gray_r", interpolation="none", extent=extent)


def name_row(axes: Axes, name: str, x: float, y: float) -> None:
    """Write what a row of images is on its left."""
    axes.annotate(name, (x, y), ha="right", va="center", color=INK, annotation_clip=False)
