"""Random rotation, scaling and shear."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nn.augmentation.bilinear import BilinearSampler
from nn.interval import require


class Affine:
    """Rotate, scale and shear each image about its centre, by uniform random amounts.

    Parameters
    ----------
    rotation : float
        Largest angle in degrees, either way.
    scale : float
        Largest relative change of either axis' length, in [0, 1).
    shear : float
        Largest horizontal shear (displacement per pixel of height), either way.

    Notes
    -----
    At strength 0 (all three) the images come back untouched and nothing is drawn. Each output
    pixel is pulled back through the inverse map and sampled bilinearly.

    References
    ----------
    Simard, Steinkraus and Platt (2003), Best practices for convolutional neural networks.
    """

    off: ClassVar = {"rotation": 0, "scale": 0, "shear": 0}

    def __init__(self, rotation: float = 15.0, scale: float = 0.15, shear: float = 0.15) -> None:
        self.rotation = require("Affine.rotation", rotation, "[0, inf)")
        self.scale = require("Affine.scale", scale, "[0, 1)")
        self.shear = require("Affine.shear", shear, "[0, inf)")
        self._sample = BilinearSampler()

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the deformed images (n, h, w[, channels]) in a new array."""
        if self.rotation == self.scale == self.shear == 0:
            return images
        n, h, w = images.shape[:3]
        matrices = self._inverse_maps(rng.uniform(-1, 1, (4, n))).astype(images.dtype)
        down = (np.arange(h) - (h - 1) / 2).astype(images.dtype)[:, None]
        right = (np.arange(w) - (w - 1) / 2).astype(images.dtype)
        (a, b), (c, d) = matrices[..., None, None]
        rows = a * down + (b * right + (h - 1) / 2)
        columns = c * down + (d * right + (w - 1) / 2)
        return self._sample(images, rows, columns)

    def _inverse_maps(self, draws: np.ndarray) -> np.ndarray:
        """Return the inverse of scale, shear, then rotation as (2, 2, n), in (row, column)."""
        angle = math.radians(self.rotation) * draws[0]
        rows, columns = 1 / (1 + self.scale * draws[1:3])
        shear = self.shear * draws[3]
        cos, sin = np.cos(angle), np.sin(angle)
        return np.array(
            [
                [rows * cos, -rows * sin],
                [columns * (sin - shear * cos), columns * (cos + shear * sin)],
            ]
        )
