"""One image of a dataset by its number, and its pixel values as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from data_loaders.datasets import Dataset
from experiments.errors import StudyError


class OneImage(NamedTuple):
    """Raw pixels, shape (height, width[, channels]), and what they are: "test image 5, seven"."""

    pixels: np.ndarray
    title: str


def one_image(dataset: Dataset, number: int) -> OneImage:
    """Return an image of the test part, or of the whole dataset where it has no given test part."""
    if dataset.is_table:
        raise StudyError(f"`--image` must be of a dataset of images; {dataset.name} is a table.")
    images, labels, part = dataset.x_test, dataset.y_test, "test image"
    if images is None or labels is None:
        images, labels, part = dataset.x, dataset.y, "image"
    if not 0 <= number < len(images):
        raise StudyError(
            f"`--image` must be from 0 to {len(images) - 1} for {dataset.name}; got {number}."
        )
    title = f"{part} {number}, {dataset.class_names[int(labels[number])]}"
    return OneImage(np.asarray(images[number]), title)


def pixel_lines(pixels: np.ndarray) -> Iterator[str]:
    """Yield pixel values row by row, of colours their mean; 0 as a dot."""
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=2).round()
    for row in grey.astype(int).tolist():
        yield "".join(f"{value or '·':>4}" for value in row)
