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

    The second part has round(fraction * n) positions; what rounding leaves over goes to the
    classes with the largest remainders.

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
    classes, counts = np.unique(labels, return_counts=True)
    shares = fraction * counts
    takes = np.floor(shares).astype(np.int64)
    left_over = round(fraction * len(labels)) - takes.sum()
    takes[np.argsort(takes - shares, kind="stable")[:left_over]] += 1
    chosen = np.zeros(len(labels), bool)
    for label, take in zip(classes, takes, strict=True):
        members = np.flatnonzero(labels == label)
        chosen[rng.permutation(members)[:take]] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def draw_split(dataset: Dataset, *, validation_fraction: float, rng: np.random.Generator) -> Split:
    """Draw a fresh validation part, and a test part where the dataset has no canonical one.

    Parameters
    ----------
    dataset : Dataset
        What to divide.
    validation_fraction : float
        Share of the images that are not test images, in (0, 1).
    rng : Generator
        The block's split stream.

    Raises
    ------
    ValueError
        If a part would be empty.
    """
    labels = np.asarray(dataset.labels)
    if dataset.test_labels is not None:
        rest, test = np.arange(len(labels)), np.arange(len(dataset.test_labels))
    else:
        rest, test = stratified(labels, TEST_FRACTION, rng=rng)
    train, validation = stratified(labels[rest], validation_fraction, rng=rng)
    if not (len(train) and len(validation) and len(test)):
        raise ValueError(
            f"split of {dataset.name} must leave no part empty; got {len(train)} training, "
            f"{len(validation)} validation and {len(test)} test images from {len(labels)}."
        )
    return Split(rest[train], rest[validation], test)
