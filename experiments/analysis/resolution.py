"""What a count of test images can resolve: the least spread of a difference between two counts."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

# From about ten images on, the spread of a sample can be trusted.
_RARE = 10


def least_sd(
    units: NDArray[np.float64], weights: NDArray[np.float64], n_test: NDArray[np.float64]
) -> float:
    """Return the least standard deviation of a block's value, whatever the sample's spread.

    A difference between two shares of n_test images is a difference of counts, and a difference
    of k counts rests on at least k images that only one side got right. While they are few,
    se² ≥ (k + 1) / n_test², with one image for those that no block happened to hold. Over N
    units and blocks

        least_sd² = n_blocks · w² (min(Σ |d| · n_test / w, 10) + 1) / (N · n_test)²,

    d the units' values, w the least weight of a run in them.

    Parameters
    ----------
    units : array, shape (n_blocks, n_units)
        Values of the kept units, as shares.
    weights : array, shape (n_units, n_cells)
        Weights of the kept units on the cells.
    n_test : array, shape (n_blocks, n_cells)
        Test images of each run, NaN where they are unknown.

    Returns
    -------
    float
        In shares; 0 where nothing is known of the test images.

    Notes
    -----
    With 20 images, error rates of 2 and 0.5 % and ten blocks, Student's t alone calls a
    difference at the margin equivalent in 8 % of studies, with this floor in none. With
    thousands of images it lies below the spread of any sample and changes nothing.
    """
    used = (weights != 0).any(axis=0)
    known = n_test[:, used]
    if not units.size or not known.size or not np.isfinite(known).all():
        return 0.0
    images, least = float(known.min()), float(np.abs(weights[weights != 0]).min())
    counts = min(float(np.abs(units).sum()) * images / least, _RARE)
    return sqrt(len(units) * (counts + 1)) * least / (units.size * images)
