"""Random shifts by whole pixels."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nn.interval import require_integer


class Shift:
    """Shift each image by whole pixels, uniform in [-max_shift, max_shift] along both axes.

    Parameters
    ----------
    max_shift : int
        At 0 the images come back untouched and nothing is drawn.
    """

    off: ClassVar = {"max_shift": 0}

    def __init__(self, max_shift: int = 1) -> None:
        self.max_shift = require_integer("Shift.max_shift", max_shift, "[0, inf)")
        self._padded = np.zeros((0, 0), np.float32)
        self._windows = self._padded

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return the shifted images (n, h, w[, channels]) in a new array.

        What moves in is background, 0.
        """
        s = self.max_shift
        if s == 0:
            return images
        n, _, w = images.shape[:3]
        size, depth = math.prod(images.shape[1:]), math.prod(images.shape[3:])
        margin = (s * w + s) * depth
        if self._padded.shape != (n, size + 2 * margin) or self._padded.dtype != images.dtype:
            self._padded = np.zeros((n, size + 2 * margin), images.dtype)
            self._windows = sliding_window_view(self._padded, size, axis=1)
        # Row after row, a shift is another start in a line of pixels: one copy per image.
        self._padded[:, margin:-margin] = images.reshape(n, -1)
        down, right = rng.integers(0, 2 * s + 1, size=(2, n))
        shifted = self._windows[np.arange(n), (down * w + right) * depth].reshape(images.shape)
        # What left a row at its one end came in at the other end of a neighbour.
        for k in range(min(s, w)):
            shifted[right < s - k, :, k] = 0
            shifted[right > s + k, :, w - 1 - k] = 0
        return shifted
