"""Elastic distortion of a batch: ours, and image by image with `scipy.ndimage`."""

from __future__ import annotations

from functools import partial
from statistics import median

import numpy as np

import nn
from benchmarks.rounds import time_rounds
from benchmarks.targets import Target

ALPHA, SIGMA = 34.0, 4.0


def with_scipy(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the distorted images, the usual way: blur, displace and sample one by one."""
    from scipy import ndimage

    grid = np.indices(images.shape[1:])
    result = np.empty_like(images)
    for image, out in zip(images, result, strict=True):
        field = [
            ALPHA * ndimage.gaussian_filter(rng.uniform(-1, 1, image.shape), SIGMA, mode="constant")
            for _ in range(2)
        ]
        ndimage.map_coordinates(image, grid + field, order=1, mode="constant", output=out)
    return result


def elastic_milliseconds(n_rounds: int, *, cpu: bool, n_images: int = 128) -> dict[str, float]:
    """Return the median milliseconds per batch of 28 × 28 images."""
    rng = np.random.default_rng(0)
    images = rng.random((n_images, 28, 28), dtype=np.float32)
    ours = partial(nn.AUGMENTATIONS["elastic"](ALPHA, SIGMA), images, rng=rng)
    theirs = partial(with_scipy, images, rng)
    times = time_rounds({"ours": ours, "scipy.ndimage": theirs}, n_rounds, cpu=cpu)
    return {name: 1e3 * median(seconds) for name, seconds in times.items()}


def elastic_targets(milliseconds: dict[str, float]) -> list[Target]:
    """Return the bound on our time."""
    what = "elastic distortion of 128 images"
    return [Target(what, milliseconds["ours"], 2.4, at_most=True, unit=" ms")]
