"""Check gradients along random directions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def directional_error(
    function: Callable[[np.ndarray], float],
    gradient: np.ndarray,
    at: np.ndarray,
    *,
    rng: np.random.Generator,
    step: float = 1e-6,
) -> float:
    """Compare a gradient with a central difference along one random direction d.

    |(f(x + h d) - f(x - h d)) / 2h - g.d| / max(|g.d|, 1e-8), two evaluations whatever the
    number of parameters.

    Parameters
    ----------
    function : callable
        f, of an array shaped like `at`.
    gradient, at : ndarray
        g and x, float64.
    rng : Generator
        Draws d, uniform on the unit sphere.
    step : float
        h.

    Returns
    -------
    float
        The relative error.
    """
    direction = rng.normal(size=at.shape)
    direction /= np.linalg.norm(direction)
    numeric = (function(at + step * direction) - function(at - step * direction)) / (2 * step)
    analytic = float(np.sum(gradient * direction))
    return abs(numeric - analytic) / max(abs(analytic), 1e-8)
