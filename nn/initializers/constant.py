"""One constant everywhere."""

from __future__ import annotations

import numpy as np

from nn.interval import require


def constant(
    shape: tuple[int, ...], *, rng: np.random.Generator | None = None, value: float = 0.0
) -> np.ndarray:
    """Return `shape` filled with `value` (float64); draws nothing."""
    require("constant.value", value, "(-inf, inf)")
    return np.full(shape, float(value))
