"""Augmentation of image batches: objects called with (images, rng=…), background 0."""

from nn.augmentation.compose import compose
from nn.augmentation.shift import Shift

AUGMENTATIONS = {"shift": Shift}

__all__ = ["AUGMENTATIONS", "Shift", "compose"]
