"""Bilinear sampling of a batch of images at displaced pixels."""

from __future__ import annotations

import numpy as np


class BilinearSampler:
    """Sample images at fractional positions; outside is background, 0.

    Buffers are kept between calls of the same shape.
    """

    def __init__(self) -> None:
        self._padded = np.zeros((0, 0, 0), np.float32)

    def __call__(self, images: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return the values of images (n, h, w[, channels]) at (rows, columns) in a new array.

        ``v = (1-a)(1-b) p00 + (1-a) b p01 + a (1-b) p10 + a b p11`` with the fractions a, b of
        the position. `rows` and `columns`, both (n, h, w), are used up.
        """
        n, h, w = images.shape[:3]
        if self._padded.shape != (n, h + 3, w + 3) or self._padded.dtype != images.dtype:
            self._allocate((n, h, w), images.dtype)
        # One pixel of background around the image stands for all that lies outside.
        rows += 1
        columns += 1
        np.clip(rows, 0, h + 1, out=rows)
        np.clip(columns, 0, w + 1, out=columns)
        # Positions are not negative, so that truncation rounds down.
        whole_rows, whole_columns = rows.astype(np.int32), columns.astype(np.int32)
        rows -= whole_rows
        columns -= whole_columns
        whole_rows *= w + 3
        whole_rows += whole_columns
        np.add(whole_rows, self._offsets, out=self._index)
        if images.ndim == 3:
            return self._channel(images, rows, columns)
        channels = [self._channel(images[..., k], rows, columns) for k in range(images.shape[3])]
        return np.stack(channels, axis=-1)

    def _channel(self, images: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Interpolate one channel (n, h, w) at the fractions of the positions."""
        _, h, w = images.shape
        self._padded[:, 1 : h + 1, 1 : w + 1] = images
        top = self._row(0, columns)
        bottom = self._row(w + 3, columns)
        bottom -= top
        bottom *= rows
        top += bottom
        return top

    def _row(self, offset: int, fraction: np.ndarray) -> np.ndarray:
        """Interpolate along one row of pixels."""
        flat = self._padded.ravel()
        left = flat[offset:].take(self._index, mode="wrap")
        right = flat[offset + 1 :].take(self._index, mode="wrap")
        right -= left
        right *= fraction
        left += right
        return left

    def _allocate(self, shape: tuple[int, int, int], dtype: np.dtype) -> None:
        n, h, w = shape
        self._padded = np.zeros((n, h + 3, w + 3), dtype)
        self._offsets = (np.arange(n) * ((h + 3) * (w + 3))).reshape(n, 1, 1)
        self._index = np.empty(shape, np.intp)
