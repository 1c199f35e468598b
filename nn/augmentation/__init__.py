"""Augmentations of image batches: ``augmentation(images, rng=rng) -> images``."""

from nn.augmentation.shift import Shift

AUGMENTATIONS: dict[str, type] = {"shift": Shift}
