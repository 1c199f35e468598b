"""Constant learning rate."""

from __future__ import annotations


def constant(step: int, total_steps: int) -> float:
    """Return 1 at every step.

    `step` counts from 0; `total_steps` is the length of the training.
    """
    return 1.0
