"""He initialization."""

from __future__ import annotations

import numpy as np

from nn.initializers.scaled import draw_normal, draw_uniform


def he_normal(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
    """Draw from a normal distribution with variance ``2 / n_in``.

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
    He et al. (2015), Delving deep into rectifiers, equation 10.
    """
    return draw_normal(shape, 2 / shape[0], rng=rng)


def he_uniform(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
    """Draw from a uniform distribution around zero with variance ``2 / n_in``.

    Arguments and source as `he_normal`.
    """
    return draw_uniform(shape, 2 / shape[0], rng=rng)
