"""Gradient clipping by norm."""

from __future__ import annotations

import math

import numpy as np


def clip_by_norm(gradients: np.ndarray, max_norm: float) -> float:
    """Scale `gradients` in place so that their Euclidean norm is at most `max_norm`.

    Returns
    -------
    float
        The norm before clipping.

    References
    ----------
    Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent networks.
    """
    norm = math.sqrt(float(np.dot(gradients, gradients)))
    if norm > max_norm:
        np.multiply(gradients, max_norm / norm, out=gradients)
    return norm
