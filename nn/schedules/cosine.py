"""Cosine decay."""

from __future__ import annotations

import math

from nn.interval import require


def cosine(step: int, total_steps: int, *, final: float = 0.0) -> float:
    """Return ``final + (1 - final) (1 + cos(pi step / total_steps)) / 2``.

    `step` counts from 0; `total_steps` is the length of the training. Source: Loshchilov
    and Hutter (2017), SGDR, equation 5 without restarts.
    """
    if step == 0:
        require("cosine.final", final, "[0, 1]")
    return final + (1 - final) * (1 + math.cos(math.pi * step / total_steps)) / 2
