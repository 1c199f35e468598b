"""One image of a dataset by its number, and its pixel values as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data_loaders.datasets import Dataset
from experiments.errors import StudyError


@dataclass(frozen=True, eq=False)
class OneImage:
    """An image of the test part, or of the whole dataset where it has no given test part.

    Parameters
    ----------
    number : int
        Which one, from 0.
    part : {"test image", "image"}
        What it is one of.
    pixels : ndarray, shape (height, width[, channels])
        Raw values.
    label : int
        Its class.
    """

    number: int
    part: str
    pixels: np.ndarray
    label: int

    @classmethod
    def of(cls, dataset: Dataset, number: int) -> OneImage:
        """Return an image of a dataset.

        Raises
        ------
        StudyError
            If the dataset holds no images, or not so many.
        """
        if dataset.is_table:
            raise StudyError(
                f"`--image` must be of a dataset of images; {dataset.name} is a table."
            )
        images, labels, part = dataset.x_test, dataset.y_test, "test image"
        if images is None or labels is None:
            images, labels, part = dataset.x, dataset.y, "image"
        if not 0 <= number < len(images):
            raise StudyError(
                f"`--image` must be from 0 to {len(images) - 1} for {dataset.name}; got {number}."
            )
        return cls(number, part, np.asarray(images[number]), int(labels[number]))

    def title(self, class_names: tuple[str, ...]) -> str:
        """Return what it is, and what it shows."""
        return f"{self.part} {self.number}, {class_names[self.label]}"

    def values(self) -> Iterator[str]:
        """Yield the pixel values row by row, of colours their mean; 0 as a dot."""
        grey = self.pixels if self.pixels.ndim == 2 else self.pixels.mean(axis=2).round()
        for row in grey.astype(int).tolist():
            yield "".join(f"{value or '·':>4}" for value in row)
