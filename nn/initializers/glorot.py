"""Glorot initialization."""

from __future__ import annotations

import numpy as np

from nn.initializers.scaled import draw_normal, draw_uniform


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
    return draw_normal(shape, 2 / sum(shape), rng=rng)


def glorot_uniform(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
    """Draw from a uniform distribution around zero with variance ``2 / (n_in + n_out)``.

    Arguments and source as `glorot_normal`.
    """
    return draw_uniform(shape, 2 / sum(shape), rng=rng)
