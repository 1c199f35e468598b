"""The exclusive or: four rows that are the training part and the test part."""

from __future__ import annotations

import numpy as np

ROWS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)


def load(times: int = 1) -> dict[str, np.ndarray]:
    """Return the four rows as many times in order, to be tested on once."""
    different = (ROWS[:, 0] != ROWS[:, 1]).astype(np.float64)
    return {
        "features": np.tile(ROWS, (times, 1)),
        "labels": np.tile(different, times),
        "test_features": ROWS,
        "test_labels": different,
    }


def hundredfold() -> dict[str, np.ndarray]:
    """Return the rows a hundred times: an epoch of 100 updates leaves one line of a curve."""
    return load(100)
