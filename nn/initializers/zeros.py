"""All zeros."""

from __future__ import annotations

import numpy as np


def zeros(shape: tuple[int, ...], *, rng: np.random.Generator | None = None) -> np.ndarray:
    """Return zeros; draws nothing.

    Parameters
    ----------
    shape : tuple of int
    rng : Generator, optional
        Unused; there so that every initializer is called alike.

    Returns
    -------
    ndarray, float64
    """
    return np.zeros(shape)
