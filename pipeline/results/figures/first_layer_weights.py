"""First-layer weights as images: what the hidden units look for."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from pipeline.results.figures.mosaic import mosaic

COUNT, COLUMNS = 32, 8


def gap(height: int) -> int:
    """Return the room between two units, in pixels."""
    return max(height // 12, 1)


def first_layer_weights(
    axes: Axes,
    weights: NDArray[np.floating],
    shape: tuple[int, int],
    *,
    cell: str,
) -> str:
    """Draw the units with the largest weights, each scaled to its own largest weight.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    weights : array, shape (h · w · channels, n_units)
        First-layer weights; those of the colours of a pixel are drawn as their mean.
    shape : tuple of int
        Height and width of an input image.
    cell : str
        Named in the caption.

    Returns
    -------
    str
        The caption.
    """
    norms = np.linalg.norm(weights, axis=0)
    chosen = np.argsort(-norms, kind="stable")[:COUNT]
    tiles = weights.T[chosen].reshape(len(chosen), *shape, -1).mean(axis=-1)
    peak = np.abs(tiles).max(axis=(1, 2), keepdims=True)
    sheet = mosaic(tiles / np.where(peak > 0, peak, 1), columns=COLUMNS, gap=gap(shape[0]))
    axes.imshow(sheet, cmap="PuOr_r", vmin=-1, vmax=1, interpolation="none")
    axes.set_axis_off()
    return (
        f"{cell}, one run; the {len(chosen)} of {weights.shape[1]} units with the largest norm\n"
        "orange: positive, purple: negative, each unit scaled by its largest weight"
    )
