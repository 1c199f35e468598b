"""A dataset in memory: examples and what is to be predicted of them, verified."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Feature:
    """One column of a table's matrix.

    Parameters
    ----------
    name : str
        The column of the file.
    category : str
        For one category of a column of texts, which becomes a column of zeros and ones: the
        category. Empty for a number.
    """

    name: str
    category: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.category}" if self.category else self.name


# Runs depend on this file: addresses and hashes stand in registry.py, so that a new mirror
# re-runs nothing.
@dataclass(frozen=True, eq=False)
class Dataset:
    """Decoded examples with their classes or target numbers; all arrays are read-only.

    Parameters
    ----------
    name : str
        The name in tables and folders.
    x : ndarray of uint8, shape (n, height, width[, channels]), or of float32, shape (n, d)
        Raw pixels, or the columns of a table: not standardised, missing numbers as NaN.
    y : ndarray, shape (n,)
        Classes from 0 in the smallest unsigned type that holds them; float64 numbers when the
        task is regression.
    x_test, y_test : ndarray or None
        The given test part; None when each split draws its own.
    class_names : tuple of str
        One name per class; empty for regression.
    content_hash : str
        SHA-256 over the decoded arrays, with `@` and the training size where the study limits it.
    features : tuple of Feature
        The columns of a table; empty for images.
    groups : ndarray of int, shape (n,), or None
        Rows of one group never come to lie in different parts of a split.
    validation : ndarray of int or None
        Rows that are the given validation part.
    train_size : int, float or None
        How many rows of the training part are trained on, as a number or as a share.
    notes : tuple of str
        What reading the files showed, for the reader of the data card.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray | None
    y_test: np.ndarray | None
    class_names: tuple[str, ...]
    content_hash: str
    features: tuple[Feature, ...] = ()
    groups: np.ndarray | None = None
    validation: np.ndarray | None = None
    train_size: int | float | None = None
    notes: tuple[str, ...] = ()

    @property
    def n_classes(self) -> int:
        """How many classes there are; 0 for regression."""
        return len(self.class_names)

    @property
    def is_regression(self) -> bool:
        """Whether numbers are predicted."""
        return not self.class_names

    @property
    def is_table(self) -> bool:
        """Whether the examples are rows of a table, not images."""
        return self.x.ndim == 2
