"""Confusions: which class is taken for which, and which test images are wrong most often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def confusion_counts(
    labels: NDArray[np.integer], predictions: NDArray[np.integer], n_classes: int
) -> NDArray[np.int64]:
    """Count (true class, predicted class) pairs, shape (n_classes, n_classes)."""
    flat = labels.astype(np.int64) * n_classes + predictions
    return np.bincount(flat, minlength=n_classes**2).reshape(n_classes, n_classes)


@dataclass(frozen=True)
class Confused:
    """One image: where it lies, what it is, what most runs take it for, and how many err."""

    index: int
    label: int
    guess: int
    errors: int
    runs: int


def rank_confused(
    test_index: NDArray[np.int64],
    labels: NDArray[np.integer],
    predictions: NDArray[np.integer],
    *,
    count: int,
) -> list[Confused]:
    """Return the images that are wrong most often.

    Ranked by (errors + 1) / (runs + 2), the mean of the posterior of the error rate under a
    uniform prior, so that one error in one run says less than nine in ten; then by index.

    Parameters
    ----------
    test_index, labels, predictions : arrays, shape (n_answers,)
        One entry per run and image, runs one after the other.
    count : int
        At most so many images.

    Returns
    -------
    list of Confused
        Images that no run got wrong are left out.

    References
    ----------
    Laplace (1774): the rule of succession.
    """
    images, inverse = np.unique(test_index, return_inverse=True)
    runs = np.bincount(inverse)
    errors = np.bincount(inverse, weights=predictions != labels).astype(np.int64)
    order = np.lexsort((images, -(errors + 1) / (runs + 2)))
    found = []
    for place in order[errors[order] > 0][:count]:
        mine = inverse == place
        label = int(labels[mine][0])
        wrong = predictions[mine][predictions[mine] != label]
        guess = int(np.bincount(wrong).argmax())
        found.append(
            Confused(int(images[place]), label, guess, int(errors[place]), int(runs[place]))
        )
    return found
