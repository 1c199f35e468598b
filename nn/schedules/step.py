"""Learning rate that drops by a factor at fixed intervals."""

from __future__ import annotations

from nn.interval import require, require_integer


def step(step: int, total_steps: int, *, factor: float = 0.1, n_drops: int = 2) -> float:
    """Return ``factor ** k`` in the k-th of ``n_drops + 1`` equal parts of the training.

    `step` counts from 0; `total_steps` is the length of the training.
    """
    if step == 0:
        require("step.factor", factor, "[0, 1]")
        require_integer("step.n_drops", n_drops, "[0, inf)")
    return factor ** min(n_drops, step * (n_drops + 1) // total_steps)
