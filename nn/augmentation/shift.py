"""Random shifts by whole pixels."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Shift:
    """Shift each image by whole pixels, uniform in [-max_shift, max_shift] along both axes.

    Parameters
    ----------
    max_shift : int
        At 0 the images come back untouched and nothing is drawn.
    """

    def __init__(self, max_shift: int = 1) -> None:
        if max_shift < 0:
            raise ValueError(f"Shift.max_shift — must be at least 0 — got {max_shift}.")
        self.max_shift = int(max_shift)
        self._padded = np.zeros((0, 0, 0), np.float32)

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the shifted images (n, h, w) in a new array; what moves in is background, 0."""
        s = self.max_shift
        if s == 0:
            return images
        n, h, w = images.shape
        if self._padded.shape != (n, h + 2 * s, w + 2 * s) or self._padded.dtype != images.dtype:
            self._padded = np.zeros((n, h + 2 * s, w + 2 * s), images.dtype)
        self._padded[:, s : s + h, s : s + w] = images
        down, right = rng.integers(0, 2 * s + 1, size=(2, n))
        return sliding_window_view(self._padded, (h, w), axis=(1, 2))[np.arange(n), down, right]
