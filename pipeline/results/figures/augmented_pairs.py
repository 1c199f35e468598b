"""Training images without and with augmentation."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.mosaic import draw_mosaic, mosaic, mosaic_axes, name_row

COUNT = 5
_ROWS = ("off", "on", "on − off")
# Inches that the names of the rows take, beside what the sides leave free.
_NAMES = 0.75


@kind(
    "Augmentation off and on",
    "Training images, the same images as the network was given them, and what changed.",
    "champion",
)
def sample_images(figure: Figure, m: Material) -> str | None:
    """Draw the images that changed most above their augmented selves and the differences."""
    pictures = m.exhibits.pictures
    if pictures is None or not pictures.augmentation:
        return None
    originals = pictures.originals
    moved = np.asarray(pictures.augmented, float) - originals
    # What changed is shown in one colour map, the colours of a pixel averaged.
    moved = moved.reshape(*moved.shape[:3], -1).mean(axis=-1)
    change = np.abs(moved).mean(axis=(1, 2))
    chosen = np.sort(np.argsort(-change, kind="stable")[:COUNT])
    top = max(float(np.abs(originals).max()), 1e-9)
    height = originals.shape[1]
    gap = max(height // 9, 1)
    both = np.concatenate([originals[chosen], pictures.augmented[chosen]])
    images = mosaic(both, columns=COUNT, gap=gap)
    differences = mosaic(moved[chosen], columns=COUNT, gap=gap)
    (tall, width), below = images.shape[:2], images.shape[0] + gap
    high = below + differences.shape[0]
    axes = mosaic_axes(figure, high + gap, width, sides=_NAMES)
    draw_mosaic(axes, images, extent=(0, width, tall, 0))
    axes.imshow(
        differences, cmap="PuOr_r", vmin=-top, vmax=top, interpolation="none",
        extent=(0, width, high, below),
    )  # fmt: skip
    for i, text in enumerate(_ROWS):
        name_row(axes, text, -1, i * (height + gap) + height / 2)
    axes.set_xlim(0, width)
    axes.set_ylim(high, 0)
    return (
        f"{pictures.augmentation}; of {len(originals)} training images, drawn once each, the "
        f"{len(chosen)} that changed most\norange: darker with augmentation, purple: lighter"
    )
