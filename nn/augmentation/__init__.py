"""Augmentations: ``augmentation(images, rng=rng) -> images``; mixup takes inputs and targets.

Images are (n, h, w), or (n, h, w, channels): what is drawn is drawn per image and is the same for
all its channels, so that one channel gives the grey images' very bytes.
"""

from collections.abc import Callable
from typing import Any

from nn.augmentation.affine import Affine
from nn.augmentation.elastic import Elastic
from nn.augmentation.erasing import Erasing
from nn.augmentation.flip import Flip
from nn.augmentation.mixup import Mixup
from nn.augmentation.noise import Noise
from nn.augmentation.shift import Shift

AUGMENTATIONS: dict[str, Callable[..., Any]] = {
    "shift": Shift,
    "affine": Affine,
    "elastic": Elastic,
    "flip": Flip,
    "erasing": Erasing,
    "noise": Noise,
    "mixup": Mixup,
}

__all__ = ["AUGMENTATIONS", "Affine", "Elastic", "Erasing", "Flip", "Mixup", "Noise", "Shift"]
