"""Pixel scaling with constants from the training part only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Scaling:
    """The map x = raw * scale + shift, which gives the training part mean 0 and variance 1.

    Parameters
    ----------
    scale, shift : float
        scale = 1 / std, shift = -mean / std, over all pixels of the training part.
    """

    scale: float
    shift: float

    @classmethod
    def fit(cls, images: np.ndarray, indices: np.ndarray) -> Scaling:
        """Fit to the images at `indices`.

        Counts of the 256 byte values are exact, and so are the moments; no float copy of the
        images is made.
        """
        counts = np.bincount(np.asarray(images)[indices].ravel(), minlength=256)
        values = np.arange(256)
        mean = float(counts @ values / counts.sum())
        deviation = float(np.sqrt(counts @ (values - mean) ** 2 / counts.sum()))
        scale = 1 / deviation if deviation else 1.0
        return cls(scale, -mean * scale)

    def apply(self, images: np.ndarray) -> np.ndarray:
        """Return images as a new float32 array of rows, shape (n, pixels)."""
        rows = np.asarray(images).reshape(len(images), -1)
        scaled = np.multiply(rows, np.float32(self.scale), dtype=np.float32)
        scaled += np.float32(self.shift)
        return scaled
