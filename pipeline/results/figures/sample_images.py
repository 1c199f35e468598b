"""Training images without and with augmentation."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.results.figures.mosaic import draw_mosaic, mosaic
from pipeline.results.figures.style import INK, say


def gap(height: int) -> int:
    """Return the room between two images, in pixels."""
    return max(height // 9, 1)


def sample_images(
    axes: Axes,
    originals: NDArray[np.floating],
    augmented: NDArray[np.floating],
    *,
    dataset: str,
    augmentation: str,
) -> Axes:
    """Draw each image above its augmented self.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    originals, augmented : array, shape (k, h, w) or (k, h, w, channels)
        The same images before and after.
    dataset : str
        Named in the title.
    augmentation : str
        What was done, in words.
    """
    count, height = len(originals), originals.shape[1]
    between = gap(height)
    sheet = mosaic(np.concatenate([originals, augmented]), columns=count, gap=between)
    draw_mosaic(axes, sheet)
    for y, text in ((height / 2, "off"), (height * 1.5 + between, "on")):
        axes.annotate(text, (-1, y), ha="right", va="center", color=INK, annotation_clip=False)
    say(axes, f"Augmentation off and on · {dataset}", f"{augmentation}; one draw per image")
    return axes
