"""From a recipe's augmentations to one function of a batch of images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from experiments.recipe import Recipe


def augmenter(
    recipe: Recipe, *, rng: np.random.Generator
) -> Callable[[np.ndarray], np.ndarray] | None:
    """Return a function that applies every augmentation in turn, each drawing from `rng`.

    None when the recipe has none.
    """
    steps = [component.make() for component in recipe.augmentation]
    if not steps:
        return None

    def augment(images: np.ndarray) -> np.ndarray:
        for step in steps:
            images = step(images, rng=rng)
        return images

    return augment
