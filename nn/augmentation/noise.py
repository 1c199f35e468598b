"""Additive Gaussian noise."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.interval import require


class Noise:
    """Add independent normal noise to every pixel, the same to all its channels.

    Parameters
    ----------
    deviation : float
        Standard deviation in the images' own units (raw pixels run from 0 to 255 on MNIST);
        at 0 the images come back untouched and nothing is drawn.
    """

    off: ClassVar = {"deviation": 0}

    def __init__(self, deviation: float = 10.0) -> None:
        self.deviation = require("Noise.deviation", deviation, "[0, inf)")

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the noisy images (n, h, w[, channels]) in a new array."""
        if self.deviation == 0:
            return images
        noise = rng.standard_normal(images.shape[:3], dtype=images.dtype.type)
        noise *= self.deviation
        if images.ndim == 4:
            return images + noise[..., None]
        noise += images
        return noise
