"""Learning rate decaying with the inverse of time."""

from __future__ import annotations

from nn.interval import require


def inverse_time(step: int, total_steps: int, *, rate: float = 1.0) -> float:
    """Return ``1 / (1 + rate * step / total_steps)``; Robbins and Monro (1951).

    `step` counts from 0; `total_steps` is the length of the training.
    """
    if step == 0:
        require("inverse_time.rate", rate, "[0, inf)")
    return 1 / (1 + rate * step / total_steps)
