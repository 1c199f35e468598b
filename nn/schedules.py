"""Schedules: pure functions from the step to a multiplier of the base learning rate."""

from __future__ import annotations

import math


def constant(step: int, total_steps: int) -> float:  # noqa: ARG001
    """Return 1."""
    return 1.0


def cosine(step: int, total_steps: int, *, final: float = 0.0) -> float:
    """Return final + (1 - final) (1 + cos(pi step / total_steps)) / 2.

    Parameters
    ----------
    step : int
        From 0 to total_steps.
    total_steps : int
        Length of the training.
    final : float
        The multiplier at the end.

    Examples
    --------
    >>> cosine(0, 10), cosine(10, 10)
    (1.0, 0.0)

    References
    ----------
    Loshchilov and Hutter (2017), SGDR: stochastic gradient descent with warm restarts, eq. 5.
    """
    return final + (1 - final) * (1 + math.cos(math.pi * step / total_steps)) / 2


SCHEDULES = {"constant": constant, "cosine": cosine}
