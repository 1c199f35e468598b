"""Normal distribution of a given width."""

from __future__ import annotations

import numpy as np


def normal(
    shape: tuple[int, ...], *, rng: np.random.Generator, deviation: float = 0.01
) -> np.ndarray:
    """Draw (float64) from a normal distribution with mean 0 and the standard `deviation`."""
    return rng.normal(0, deviation, shape)
