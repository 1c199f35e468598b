"""Mini-batches of training examples, by default permuted anew in each epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from data_loaders.scaling import Scaling


class Batches:
    """Re-iterable mini-batches; each iteration is one epoch and covers each example once.

    Examples are permuted, not batch starts. The last batch holds what is left over.

    Parameters
    ----------
    x : ndarray of uint8, shape (n, height, width[, channels]), or of float32, shape (n, d)
        All examples, typically memory-mapped; rows are gathered batch by batch.
    y : ndarray, shape (n,)
        Their classes, or the numbers to predict.
    indices : ndarray of int
        Which of them are trained on.
    batch_size : int
        Examples per batch.
    scaling : Scaling
        Applied last, so that augmentation works on raw pixels with background 0.
    rng : Generator or None
        The order stream; None keeps the order of `indices` in each epoch.
    augment : callable, optional
        Takes and returns float32 examples of shape (b, *x.shape[1:]) with raw values; may work in
        place. One that changes nothing gives bit-identical batches to None.

    Raises
    ------
    IndexError
        If an index lies outside the examples.

    Notes
    -----
    All iterations share one set of buffers: finish an epoch before the next one begins.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray,
        indices: np.ndarray,
        *,
        batch_size: int,
        scaling: Scaling,
        rng: np.random.Generator | None,
        augment: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> None:
        if len(indices) and not 0 <= indices.min() <= indices.max() < len(x):
            raise IndexError(
                f"batch indices must lie in 0…{len(x) - 1}; got {indices.min()}…{indices.max()}."
            )
        self._shape = x.shape[1:]
        self._rows = x.reshape(len(x), -1)
        self._targets = y
        self._indices, self._batch_size = indices, batch_size
        self._order = np.empty_like(indices)
        self._scale, self._shift = np.float32(scaling.scale), np.float32(scaling.shift)
        self._fill = scaling.fill
        self._rng, self._augment = rng, augment
        width = self._rows.shape[1]
        self._raw = np.empty((batch_size, width), x.dtype)
        # On a cache line: elsewhere every wide load touches two, and products take up to twice the
        # time. NumPy promises 16 bytes.
        memory = np.empty(batch_size * width + 16, np.float32)
        start = -memory.ctypes.data % 64 // 4
        self._x = memory[start : start + batch_size * width].reshape(batch_size, width)
        self._y = np.empty(batch_size, np.float32 if y.dtype.kind == "f" else np.int64)

    def __len__(self) -> int:
        """How many batches an epoch has."""
        return -(-len(self._indices) // self._batch_size)

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield (x, y), views valid until the next batch: x is float32 (b, columns).

        y is int64 (b,) for classes, float32 for numbers.
        """
        order = self._indices
        if self._rng is not None:
            order = self._rng.permuted(self._indices, out=self._order)
        for start in range(0, len(order), self._batch_size):
            rows = order[start : start + self._batch_size]
            raw, x, y = self._raw[: len(rows)], self._x[: len(rows)], self._y[: len(rows)]
            # mode="clip" lets take write straight into `out`; the indices were checked.
            np.take(self._rows, rows, axis=0, out=raw, mode="clip")
            y[...] = self._targets[rows]
            if self._fill is not None:
                np.copyto(raw, self._fill, where=np.isnan(raw))
            if self._augment is None:
                np.multiply(raw, self._scale, out=x)
            else:
                np.copyto(x, raw)
                augmented = self._augment(x.reshape(-1, *self._shape))
                np.multiply(augmented.reshape(x.shape), self._scale, out=x)
            x += self._shift
            yield x, y
