"""Glorot initialization."""

from __future__ import annotations

import numpy as np


def glorot_normal(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
    """Draw from a normal distribution with variance ``2 / (n_in + n_out)``.

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
    Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward
    networks, equation 16.
    """
    return rng.normal(0, _deviation(shape), shape)


def glorot_uniform(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
    """Draw from a uniform distribution around zero with variance ``2 / (n_in + n_out)``.

    The bound is sqrt(3) standard deviations; arguments and source as `glorot_normal`.
    """
    bound = np.sqrt(3) * _deviation(shape)
    return rng.uniform(-bound, bound, shape)


def _deviation(shape: tuple[int, int]) -> float:
    """Return the standard deviation."""
    n_in, n_out = shape
    return float(np.sqrt(2 / (n_in + n_out)))
