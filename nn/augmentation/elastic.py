"""Elastic distortion."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.augmentation.bilinear import BilinearSampler
from nn.interval import require


class Elastic:
    """Displace each pixel by a smooth random field: ``alpha * (Gaussian_sigma * uniform(-1, 1))``.

    Parameters
    ----------
    alpha : float
        Strength in pixels before blurring; at 0 the images come back untouched, nothing drawn.
    sigma : float
        Standard deviation of the Gaussian in pixels.

    Notes
    -----
    The blur of a field F is ``K F K`` with K_ij the Gaussian of i - j: two small matrix
    products; beyond the edge the field counts as 0. Sampling is bilinear.

    References
    ----------
    Simard, Steinkraus and Platt (2003), section 2: alpha 34, sigma 4 on MNIST.
    """

    off: ClassVar = {"alpha": 0}

    def __init__(self, alpha: float = 34.0, sigma: float = 4.0) -> None:
        self.alpha = require("Elastic.alpha", alpha, "[0, inf)")
        self.sigma = require("Elastic.sigma", sigma, "(0, inf)")
        self._sample = BilinearSampler()

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the distorted images (n, h, w[, channels]) in a new array."""
        if self.alpha == 0:
            return images
        n, h, w = images.shape[:3]
        fields = rng.random((2, n, h, w), dtype=np.float32)
        fields -= 0.5
        # Along the last axis one large product; along the other, one per image.
        across = fields.reshape(-1, w) @ (2 * self.alpha * self._blur(w))
        blurred = np.matmul(self._blur(h), across.reshape(-1, h, w)).reshape(2, n, h, w)
        rows, columns = blurred.astype(images.dtype, copy=False)
        rows += np.arange(h, dtype=images.dtype)[:, None]
        columns += np.arange(w, dtype=images.dtype)
        return self._sample(images, rows, columns)

    def _blur(self, size: int) -> np.ndarray:
        """Return the Gaussian K (size, size), its kernel summing to 1 over the whole line."""
        distance = np.arange(size)[:, None] - np.arange(size)
        line = np.arange(-np.ceil(8 * self.sigma), np.ceil(8 * self.sigma) + 1)
        total = np.exp(-0.5 * (line / self.sigma) ** 2).sum()
        return (np.exp(-0.5 * (distance / self.sigma) ** 2) / total).astype(np.float32)
