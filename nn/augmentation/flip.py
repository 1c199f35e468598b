"""Random horizontal flips."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.interval import require


class Flip:
    """Mirror each image left to right with a given probability.

    Parameters
    ----------
    probability : float
        In [0, 1]; at 0 the images come back untouched and nothing is drawn.
    """

    off: ClassVar = {"probability": 0}

    def __init__(self, probability: float = 0.5) -> None:
        self.probability = require("Flip.probability", probability, "[0, 1]")

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the images (n, h, w[, channels]), some mirrored, in a new array."""
        if self.probability == 0:
            return images
        flipped = rng.random(len(images)) < self.probability
        flipped = flipped.reshape(-1, *(1,) * (images.ndim - 1))
        return np.where(flipped, images[:, :, ::-1], images)
