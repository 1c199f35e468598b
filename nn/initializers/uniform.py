"""Uniform distribution of a given width."""

from __future__ import annotations

import numpy as np

from nn.ranges import require


def uniform(shape: tuple[int, ...], *, rng: np.random.Generator, bound: float = 0.05) -> np.ndarray:
    """Draw (float64) from the uniform distribution on [-bound, bound)."""
    require("uniform.bound", bound, "[0, inf)")
    return rng.uniform(-bound, bound, shape)
