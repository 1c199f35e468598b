"""Many small images laid out as one."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray


def mosaic(
    images: NDArray[np.floating], *, columns: int, gap: int = 2, fill: float = np.nan
) -> NDArray[np.float64]:
    """Lay images out in rows, `gap` pixels of `fill` between them.

    Parameters
    ----------
    images : array, shape (n, h, w) or, in colour, (n, h, w, channels)
    columns : int
        Images per row.
    gap : int
        Pixels between images, and above each.
    fill : float
        Value of the gaps and of places without an image.

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
    sheet = np.full((*size, *channels), fill)
    for i, image in enumerate(images):
        y, x = (i // columns) * (height + gap), (i % columns) * (width + gap)
        sheet[y : y + height, x : x + width] = image
    return sheet


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
    axes.set_axis_off()


def mosaic_inches(n: int, shape: tuple[int, ...], *, columns: int, gap: int, width: float) -> float:
    """Return how high a mosaic with a gap under each row is when it is `width` inches wide.

    Examples
    --------
    >>> mosaic_inches(4, (28, 28), columns=2, gap=2, width=5.8)
    6.0
    """
    rows, (height, tile) = math.ceil(n / columns), shape[:2]
    return width * rows * (height + gap) / (columns * (tile + gap) - gap)
