"""Random erasing."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.interval import require


class Erasing:
    """Set a random square of each image to background with a given probability.

    Parameters
    ----------
    probability : float
        In [0, 1]; at 0 the images come back untouched and nothing is drawn.
    size : float
        The square's side as a fraction of the shorter image side, in (0, 1]. It lies wholly
        inside the image.

    References
    ----------
    Zhong et al. (2020), Random erasing data augmentation; DeVries and Taylor (2017), Cutout.
    """

    off: ClassVar = {"probability": 0}

    def __init__(self, probability: float = 0.5, size: float = 0.3) -> None:
        self.probability = require("Erasing.probability", probability, "[0, 1]")
        self.size = require("Erasing.size", size, "(0, 1]")

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the images (n, h, w[, channels]), some with a hole, in a new array."""
        if self.probability == 0:
            return images
        n, h, w = images.shape[:3]
        side = max(1, round(self.size * min(h, w)))
        chosen = rng.random((n, 1)) < self.probability
        top = rng.integers(0, h - side + 1, size=(n, 1))
        left = rng.integers(0, w - side + 1, size=(n, 1))
        rows = (np.arange(h) >= top) & (np.arange(h) < top + side) & chosen
        columns = (np.arange(w) >= left) & (np.arange(w) < left + side)
        hole = rows[:, :, None] & columns[:, None, :]
        hole = hole.reshape(n, h, w, *(1,) * (images.ndim - 3))
        return np.where(hole, images.dtype.type(0), images)
