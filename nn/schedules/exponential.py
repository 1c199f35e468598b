"""Exponentially decaying learning rate."""

from __future__ import annotations

from nn.interval import require


def exponential(step: int, total_steps: int, *, final: float = 0.01) -> float:
    """Return ``final ** (step / total_steps)``: from 1 to `final`, in (0, 1].

    `step` counts from 0; `total_steps` is the length of the training.
    """
    if step == 0:
        require("exponential.final", final, "(0, 1]")
    return float(final ** (step / total_steps))
