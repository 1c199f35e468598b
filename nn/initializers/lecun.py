"""LeCun initialization."""

from __future__ import annotations

import numpy as np

from nn.initializers.scaled import draw_normal, draw_uniform


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
    return draw_normal(shape, 1 / shape[0], rng=rng)


def lecun_uniform(shape: tuple[int, int], *, rng: np.random.Generator) -> np.ndarray:
    """Draw from a uniform distribution around zero with variance ``1 / n_in``.

    Arguments and source as `lecun_normal`.
    """
    return draw_uniform(shape, 1 / shape[0], rng=rng)
