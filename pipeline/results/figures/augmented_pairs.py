"""Training images without and with augmentation."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.results.figures.mosaic import draw_mosaic, mosaic
from pipeline.results.figures.style import INK

COUNT = 5
_ROWS = ("off", "on", "on − off")


def gap(height: int) -> int:
    """Return the room between two images, in pixels."""
    return max(height // 9, 1)


def sample_images(
    axes: Axes,
    originals: NDArray[np.floating],
    augmented: NDArray[np.floating],
    *,
    augmentation: str,
) -> str:
    """Draw each image above its augmented self and the difference of the two.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    originals, augmented : array, shape (k, h, w) or (k, h, w, channels)
        The same images before and after; those that changed most are shown.
    augmentation : str
        What was done, in words.

    Returns
    -------
    str
        The caption.
    """
    moved = np.asarray(augmented, float) - originals
    # What changed is shown in one colour map, the colours of a pixel averaged.
    moved = moved.reshape(*moved.shape[:3], -1).mean(axis=-1)
    change = np.abs(moved).mean(axis=(1, 2))
    chosen = np.sort(np.argsort(-change, kind="stable")[:COUNT])
    before, after = originals[chosen], augmented[chosen]
    top = max(float(np.abs(originals).max()), 1e-9)
    height, between = originals.shape[1], gap(originals.shape[1])
    pictures = mosaic(np.concatenate([before, after]), columns=COUNT, gap=between)
    differences = mosaic(moved[chosen], columns=COUNT, gap=between)
    width, tall = pictures.shape[1], pictures.shape[0] + between
    draw_mosaic(axes, pictures, extent=(0, width, pictures.shape[0], 0))
    axes.imshow(
        differences, cmap="PuOr_r", vmin=-top, vmax=top, interpolation="none",
        extent=(0, width, tall + differences.shape[0], tall),
    )  # fmt: skip
    for i, text in enumerate(_ROWS):
        y = i * (height + between) + height / 2
        axes.annotate(text, (-1, y), ha="right", va="center", color=INK, annotation_clip=False)
    axes.set_xlim(0, width)
    axes.set_ylim(tall + differences.shape[0], 0)
    axes.set_axis_off()
    return (
        f"{augmentation}; of {len(originals)} training images, drawn once each, the {len(chosen)} "
        "that changed most\norange: darker with augmentation, purple: lighter"
    )
