"""From augmentations to functions of a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from experiments.run.component import Component


def augmenter(
    augmentations: Sequence[Component], *, rng: np.random.Generator
) -> Callable[[np.ndarray], np.ndarray] | None:
    """Return a function that applies every augmentation in turn, each drawing from `rng`.

    None when there is none.
    """
    steps = [component.make() for component in augmentations]
    if not steps:
        return None

    def augment(images: np.ndarray) -> np.ndarray:
        for step in steps:
            images = step(images, rng=rng)
        return images

    return augment
