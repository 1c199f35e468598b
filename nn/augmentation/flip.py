"""Random horizontal flips."""

from __future__ import annotations

import numpy as np


class Flip:
    """Mirror each image left to right with a given probability.

    Parameters
    ----------
    probability : float
        In [0, 1]; at 0 the images come back untouched and nothing is drawn.
    """

    def __init__(self, probability: float = 0.5) -> None:
        if not 0 <= probability <= 1:
            raise ValueError(f"Flip.probability — must lie in [0, 1] — got {probability}.")
        self.probability = probability

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the images (n, h, w), some mirrored, in a new array."""
        if self.probability == 0:
            return images
        flipped = rng.random(len(images)) < self.probability
        return np.where(flipped[:, None, None], images[:, :, ::-1], images)
