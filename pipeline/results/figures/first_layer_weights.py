"""First-layer weights as images: what the hidden units look for."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from pipeline.results.figures.kind import kind
from pipeline.results.figures.material import Material
from pipeline.results.figures.mosaic import mosaic, mosaic_axes

_COUNT, _COLUMNS = 32, 8


@kind(
    "What the first layer looks for",
    "Each tile shows how one unit of the first layer weighs the pixels.",
    "champion",
)
def first_layer_weights(figure: Figure, m: Material) -> str | None:
    """Draw the units with the largest weights, each scaled to its own largest weight.

    The weights of a pixel's colours are drawn as their mean.
    """
    weights, shape = m.exhibits.weights, m.results.cards[m.dataset].image_shape[:2]
    if weights is None:
        return None
    norms = np.linalg.norm(weights, axis=0)
    chosen = np.argsort(-norms, kind="stable")[:_COUNT]
    tiles = weights.T[chosen].reshape(len(chosen), *shape, -1).mean(axis=-1)
    peak = np.abs(tiles).max(axis=(1, 2), keepdims=True)
    gap = max(shape[0] // 12, 1)
    sheet = mosaic(tiles / np.where(peak > 0, peak, 1), columns=_COLUMNS, gap=gap)
    axes = mosaic_axes(figure, sheet.shape[0] + gap, sheet.shape[1])
    axes.imshow(sheet, cmap="PuOr_r", vmin=-1, vmax=1, interpolation="none")
    return (
        f"{m.exhibits.cell}, one run; the {len(chosen)} of {weights.shape[1]} units with the "
        "largest norm\norange: positive, purple: negative, each unit scaled by its largest weight"
    )
