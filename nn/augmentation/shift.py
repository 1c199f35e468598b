"""Random shifts by whole pixels."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Shift:
    """Move each image by (dy, dx), both uniform on {-max_shift, …, max_shift}; fill with 0.

    Parameters
    ----------
    max_shift : int
        In pixels, at least 0; 0 leaves the images as they are.
    """

    def __init__(self, *, max_shift: int = 1) -> None:
        if max_shift < 0:
            raise ValueError(f"max_shift must be at least 0 pixels; got {max_shift}.")
        self._max_shift = int(max_shift)

    def __call__(self, images: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
        """Return shifted images of shape (n, height, width), a new array."""
        reach = self._max_shift
        if reach == 0:
            return images
        n, height, width = images.shape
        padded = np.zeros((n, height + 2 * reach, width + 2 * reach), images.dtype)
        padded[:, reach:-reach, reach:-reach] = images
        windows = sliding_window_view(padded, (height, width), axis=(1, 2))
        dy, dx = rng.integers(0, 2 * reach + 1, (2, n))
        return np.asarray(windows[np.arange(n), dy, dx])
