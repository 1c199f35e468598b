"""Minibatches of arrays in memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nn.aligned import aligned_zeros


class Minibatches:
    """Re-iterable batches of rows, by default in a new random order each epoch.

    The last one may be short.

    Parameters
    ----------
    x : ndarray, shape (n, n_inputs)
    y : ndarray, shape (n,) or (n, n_outputs)
    size : int
        Rows of a batch.
    rng : Generator, optional
        Draws the orders; None leaves the rows in theirs.
    """

    def __init__(
        self, x: np.ndarray, y: np.ndarray, size: int, *, rng: np.random.Generator | None
    ) -> None:
        self._x, self._y, self._size, self._rng = x, y, size, rng
        self._buffer = aligned_zeros((min(size, len(x)), x.shape[1]), x.dtype)

    def __len__(self) -> int:
        return -(-len(self._x) // self._size)

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield (x, y) of one epoch, x a view that is valid until the next batch."""
        n = len(self._x)
        order = np.arange(n) if self._rng is None else self._rng.permutation(n)
        for start in range(0, len(order), self._size):
            rows = order[start : start + self._size]
            x = self._buffer[: len(rows)]
            np.take(self._x, rows, axis=0, out=x, mode="clip")
            yield x, self._y[rows]
