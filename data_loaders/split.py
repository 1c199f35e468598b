"""Train, validation and test parts of a dataset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_loaders.datasets import Dataset

# Share of the examples that a dataset without a given test part gives to its own.
TEST_FRACTION = 0.2


@dataclass(frozen=True)
class Split:
    """Indices of the three parts, each sorted.

    `test` indexes the given test part where the dataset has one, its examples otherwise.
    `validation` is empty when the study wants none.
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
        Share of each class that goes to the second part, in [0, 1].
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


def grouped(
    labels: np.ndarray, groups: np.ndarray, fraction: float, *, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Divide positions in two; no group has members in both.

    Groups come in random order; each goes to the second part if that brings the number of its
    examples per class closer to `fraction` of all (least squares), so that the parts are as
    stratified as the groups allow.

    Parameters
    ----------
    labels, groups : ndarray of int, shape (n,)
        Class and group of each example.
    fraction : float
        Share of the examples that goes to the second part, about, in (0, 1).
    rng : Generator
        Draws the order.

    Returns
    -------
    tuple of ndarray
        The positions of the first and of the second part, sorted.
    """
    _, codes = np.unique(labels, return_inverse=True)
    names, members = np.unique(groups, return_inverse=True)
    counts = np.zeros((len(names), codes.max(initial=0) + 1))
    np.add.at(counts, (members, codes), 1)
    missing = fraction * counts.sum(axis=0)
    chosen = np.zeros(len(names), bool)
    for group in rng.permutation(len(names)):
        left = missing - counts[group]
        if left @ left < missing @ missing:
            chosen[group], missing = True, left
    return np.flatnonzero(~chosen[members]), np.flatnonzero(chosen[members])


def draw_split(dataset: Dataset, *, validation_fraction: float, rng: np.random.Generator) -> Split:
    """Draw a fresh validation part, and a test part where the dataset has no given one.

    Parameters
    ----------
    dataset : Dataset
        What to divide.
    validation_fraction : float
        Share of the examples that are not test examples, in [0, 1); 0 for no validation part.
        A given validation part is taken as it is.
    rng : Generator
        The block's split stream.

    Raises
    ------
    ValueError
        If a part would be empty that must not be.

    Notes
    -----
    The dataset's `train_size` is drawn last and anew with each split: test and validation parts
    are the same whatever it is, and an interval over replicates covers which rows were drawn.
    """
    # Numbers are not stratified: they are one class.
    strata = np.zeros(len(dataset.y), np.int8) if dataset.is_regression else np.asarray(dataset.y)

    def part(among: np.ndarray, fraction: float) -> tuple[np.ndarray, np.ndarray]:
        if not fraction:
            return among, among[:0]
        if dataset.groups is None:
            first, second = stratified(strata[among], fraction, rng=rng)
        else:
            first, second = grouped(strata[among], dataset.groups[among], fraction, rng=rng)
        return among[first], among[second]

    rest = np.arange(len(strata))
    if dataset.y_test is not None:
        test = np.arange(len(dataset.y_test))
    else:
        rest, test = part(rest, TEST_FRACTION)
    if dataset.validation is not None:
        train, validation = np.setdiff1d(rest, dataset.validation), dataset.validation
    else:
        train, validation = part(rest, validation_fraction)
    if not (len(train) and len(test) and (len(validation) or not validation_fraction)):
        raise ValueError(
            f"split of {dataset.name} must leave no part empty; got {len(train)} training, "
            f"{len(validation)} validation and {len(test)} test examples from {len(strata)}."
        )
    return Split(_limited(train, strata, dataset.train_size, rng), validation, test)


def _limited(
    train: np.ndarray, strata: np.ndarray, size: int | float | None, rng: np.random.Generator
) -> np.ndarray:
    """Return as much of the training part as the study wants, each class in proportion."""
    if size is None:
        return train
    share = min(1.0, size / len(train)) if isinstance(size, int) else size
    return train[stratified(strata[train], share, rng=rng)[1]]
