"""Additive Gaussian noise."""

from __future__ import annotations

import numpy as np


class Noise:
    """Add independent normal noise to every pixel.

    Parameters
    ----------
    deviation : float
        Standard deviation in the images' own units (raw pixels run from 0 to 255 on MNIST);
        at 0 the images come back untouched and nothing is drawn.
    """

    def __init__(self, deviation: float = 10.0) -> None:
        if deviation < 0:
            raise ValueError(f"Noise.deviation — must be at least 0 — got {deviation}.")
        self.deviation = deviation

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the noisy images (n, h, w) in a new array."""
        if self.deviation == 0:
            return images
        noise = rng.standard_normal(images.shape, dtype=images.dtype.type)
        noise *= self.deviation
        noise += images
        return noise
