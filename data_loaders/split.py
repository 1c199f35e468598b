"""Train, validation and test parts of a dataset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_loaders.datasets import Dataset

# Share of the images that a dataset without a canonical test part gives to its own.
TEST_FRACTION = 0.2


@dataclass(frozen=True)
class Split:
    """Indices of the three parts, each sorted.

    `test` indexes the canonical test images where the dataset has them, its images otherwise.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def stratified(
    labels: np.ndarray, fraction: float, *, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Divide positions in two, each class in the same proportion to within one example.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        The classes.
    fraction : float
        Share of each class that goes to the second part, in (0, 1).
    rng : Generator
        Draws which.

    Returns
    -------
    tuple of ndarray
        The positions of the first and of the second part, sorted.
    """
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        chosen[rng.permutation(members)[: round(fraction * len(members))]] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def draw_split(dataset: Dataset, *, validation_fraction: float, rng: np.random.Generator) -> Split:
    """Draw a fresh validation part, and a test part where the dataset has no canonical one.

    Parameters
    ----------
    dataset : Dataset
        What to divide.
    validation_fraction : float
        Share of the remaining training images, in (0, 1).
    rng : Generator
        The block's split stream.
    """
    labels = np.asarray(dataset.labels)
    if dataset.test_labels is not None:
        rest, test = np.arange(len(labels)), np.arange(len(dataset.test_labels))
    else:
        rest, test = stratified(labels, TEST_FRACTION, rng=rng)
    train, validation = stratified(labels[rest], validation_fraction, rng=rng)
    return Split(rest[train], rest[validation], test)
