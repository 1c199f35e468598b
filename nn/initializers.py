"""Initial weights: functions (shape, rng) -> array of that shape, float64.

Fan-in is shape[0], fan-out shape[1], for weights that act as y = x W.
"""

from __future__ import annotations

import numpy as np

Shape = tuple[int, ...]


def he_normal(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Draw from N(0, 2 / fan_in), which keeps the variance of ReLU activations.

    References
    ----------
    He et al. (2015), Delving deep into rectifiers, eq. 10.
    """
    return rng.normal(0.0, np.sqrt(2 / shape[0]), shape)


def he_uniform(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Draw from U(-a, a) with a = sqrt(6 / fan_in); the variance of `he_normal`."""
    bound = np.sqrt(6 / shape[0])
    return rng.uniform(-bound, bound, shape)


def glorot_normal(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Draw from N(0, 2 / (fan_in + fan_out)), a balance of forward and backward variance.

    References
    ----------
    Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, eq. 12.
    """
    return rng.normal(0.0, np.sqrt(2 / sum(shape)), shape)


def glorot_uniform(shape: Shape, rng: np.random.Generator) -> np.ndarray:
    """Draw from U(-a, a) with a = sqrt(6 / (fan_in + fan_out)); Glorot and Bengio, eq. 16."""
    bound = np.sqrt(6 / sum(shape))
    return rng.uniform(-bound, bound, shape)


INITIALIZERS = {
    "glorot_normal": glorot_normal,
    "glorot_uniform": glorot_uniform,
    "he_normal": he_normal,
    "he_uniform": he_uniform,
}
