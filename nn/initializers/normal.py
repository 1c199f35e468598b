"""Normal distribution of a given width."""

from __future__ import annotations

import numpy as np

from nn.interval import require


def normal(
    shape: tuple[int, ...], *, rng: np.random.Generator, deviation: float = 0.01
) -> np.ndarray:
    """Draw (float64) from a normal distribution with mean 0 and the standard `deviation`."""
    require("normal.deviation", deviation, "[0, inf)")
    return rng.normal(0, deviation, shape)
