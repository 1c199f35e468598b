"""From a recipe's augmentations to functions of a batch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from experiments.recipe import Recipe
from nn.augmentation import AUGMENTATIONS
from nn.stepper import Batch


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


def mixer(
    recipe: Recipe, *, rng: np.random.Generator
) -> Callable[[np.ndarray, np.ndarray], Batch] | None:
    """Return a function that mixes the rows and targets of a batch, drawing from `rng`.

    None when the recipe has no mixup.
    """
    return partial(AUGMENTATIONS["mixup"](recipe.mixup), rng=rng) if recipe.mixup else None
