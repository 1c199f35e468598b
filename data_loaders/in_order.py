"""Go through examples in order, for evaluation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data_loaders.scaling import Scaling


def iterate(
    images: np.ndarray,
    labels: np.ndarray,
    indices: np.ndarray,
    batch_size: int,
    scaling: Scaling,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (x, y) batch by batch in the order of `indices`, with no randomness.

    Parameters
    ----------
    images : ndarray of uint8, shape (n, height, width)
        All images.
    labels : ndarray of int, shape (n,)
        Their classes.
    indices : ndarray of int
        Which of them, in which order.
    batch_size : int
        Examples per batch; the last one holds what is left over.
    scaling : Scaling
        As fitted on the training part.

    Yields
    ------
    tuple of ndarray
        float32 (b, pixels) and int64 (b,), new arrays.
    """
    for start in range(0, len(indices), batch_size):
        rows = indices[start : start + batch_size]
        yield scaling.apply(images[rows]), labels[rows].astype(np.int64)
