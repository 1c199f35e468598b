"""LeCun initialization."""

from __future__ import annotations

import numpy as np


def lecun_normal(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
    """Draw from a normal distribution with variance ``1 / n_in``.

    Parameters
    ----------
    shape : (n_in, n_out)
    rng : Generator

    Returns
    -------
    ndarray, float64
        Drawn in double precision whatever the network's, so that both start alike.

    References
    ----------
    LeCun et al. (1998), Efficient BackProp, section 4.6.
    """
    return rng.normal(0, _deviation(shape), shape)


def lecun_uniform(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
    """Draw from a uniform distribution around zero with variance ``1 / n_in``.

    The bound is sqrt(3) standard deviations; arguments and source as `lecun_normal`.
    """
    bound = np.sqrt(3) * _deviation(shape)
    return rng.uniform(-bound, bound, shape)


def _deviation(shape: tuple[int, int]) -> float:
    """Return the standard deviation."""
    n_in, _ = shape
    return float(np.sqrt(1 / n_in))
