"""Draws of a given variance, which Glorot's, He's and LeCun's rules choose."""

from __future__ import annotations

import numpy as np


def draw_normal(shape: tuple[int, ...], variance: float, *, rng: np.random.Generator) -> np.ndarray:
    """Draw (float64) from a normal distribution around zero with this variance."""
    return rng.normal(0, np.sqrt(variance), shape)


def draw_uniform(
    shape: tuple[int, ...], variance: float, *, rng: np.random.Generator
) -> np.ndarray:
    """Draw (float64) from a uniform distribution around zero: bounds at sqrt(3) deviations."""
    bound = np.sqrt(3) * np.sqrt(variance)
    return rng.uniform(-bound, bound, shape)
