"""Uniform distribution between two bounds."""

from __future__ import annotations

import numpy as np

from nn.interval import require


def uniform(
    shape: tuple[int, ...], *, rng: np.random.Generator, low: float = -0.05, high: float = 0.05
) -> np.ndarray:
    """Draw (float64) from the uniform distribution on [low, high).

    Raises
    ------
    ValueError
        If a bound is not finite, or `high` lies below `low`.
    """
    require("uniform.low", low, "(-inf, inf)")
    require("uniform.high", high, "(-inf, inf)")
    if high < low:
        raise ValueError(
            f"uniform.high — must be at least low, {low} — got {high}. Exchange the two."
        )
    return rng.uniform(low, high, shape)
