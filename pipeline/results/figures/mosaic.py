"""Many small images laid out as one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def mosaic(
    images: NDArray[np.floating], *, columns: int, gap: int = 2, fill: float = np.nan
) -> NDArray[np.float64]:
    """Lay images out in rows, `gap` pixels of `fill` between them.

    Parameters
    ----------
    images : array, shape (n, h, w)
    columns : int
        Images per row.
    gap : int
        Pixels between images, and above each.
    fill : float
        Value of the gaps and of places without an image.

    Returns
    -------
    array, shape (rows · (h + gap) − gap, columns · (w + gap) − gap)

    Examples
    --------
    >>> mosaic(np.ones((3, 2, 2)), columns=2, gap=1).shape
    (5, 5)
    """
    n, height, width = images.shape
    rows = math.ceil(n / columns)
    sheet = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap), fill)
    for i, image in enumerate(images):
        y, x = (i // columns) * (height + gap), (i % columns) * (width + gap)
        sheet[y : y + height, x : x + width] = image
    return sheet


def mosaic_inches(n: int, shape: tuple[int, int], *, columns: int, gap: int, width: float) -> float:
    """Return how high a mosaic with a gap under each row is when it is `width` inches wide.

    Examples
    --------
    >>> mosaic_inches(4, (28, 28), columns=2, gap=2, width=5.8)
    6.0
    """
    rows, (height, tile) = math.ceil(n / columns), shape
    return width * rows * (height + gap) / (columns * (tile + gap) - gap)
