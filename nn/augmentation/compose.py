"""Apply augmentations one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np


def compose(
    augmentations: Sequence[Callable[..., np.ndarray]],
    images: np.ndarray,
    *,
    rng: np.random.Generator,
) -> np.ndarray:
    """Return the images after every augmentation in turn, each drawing from `rng`."""
    for augment in augmentations:
        images = augment(images, rng=rng)
    return images
