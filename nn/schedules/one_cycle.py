"""One cycle: up linearly, down along a cosine."""

from __future__ import annotations

import math

from nn.interval import require


def one_cycle(
    step: int, total_steps: int, *, rise: float = 0.3, start: float = 0.04, final: float = 1e-4
) -> float:
    """Return a linear rise from `start` to 1, then a cosine down to `final`.

    `step` counts from 0; `total_steps` is the length of the training; the rise
    takes the fraction `rise` of it. Source: Smith and Topin (2019), Super-convergence.
    """
    if step == 0:
        require("one_cycle.rise", rise, "[0, 1)")
        require("one_cycle.start", start, "[0, 1]")
        require("one_cycle.final", final, "[0, 1]")
    n_rise = rise * total_steps
    if step < n_rise:
        return start + (1 - start) * step / n_rise
    progress = (step - n_rise) / (total_steps - n_rise)
    return final + (1 - final) * (1 + math.cos(math.pi * progress)) / 2
