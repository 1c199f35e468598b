"""Scaling with constants from the training part only: of pixels as a whole, of tables by column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from data_loaders.datasets import Feature

_CHUNK = 1024

Method = Literal["standard", "unit", "minmax", "none"]


@dataclass(frozen=True, eq=False)
class Scaling:
    """The map x = raw * scale + shift, by default to mean 0 and variance 1 in the training part.

    Parameters
    ----------
    scale, shift : float, or ndarray of float32, shape (d,)
        Over all pixels of the training part, or over each column of a table; see ``fit``.
        Categories stay zeros and ones.
    fill : ndarray of float32, shape (d,), or None
        What stands for a missing number: the training part's median, and its most frequent
        category. None when the training part and the others lack nothing.
    """

    scale: float | np.ndarray
    shift: float | np.ndarray
    fill: np.ndarray | None = None

    @classmethod
    def fit(
        cls,
        x: np.ndarray,
        indices: np.ndarray,
        features: Sequence[Feature] = (),
        *,
        method: Method = "standard",
    ) -> Scaling:
        """Fit to the examples at `indices`.

        Parameters
        ----------
        x : ndarray of uint8 (n, height, width[, channels]) or float32 (n, d)
            As `Dataset.x`.
        indices : ndarray of int
            The training part.
        features : sequence of Feature
            A table's columns; none for images.
        method : {"standard", "unit", "minmax", "none"}
            "standard": ``(raw - mean) / std``; "unit": ``raw / 255``, for images alone; "minmax":
            ``(raw - min) / (max - min)``; "none": raw values. What does not vary is only shifted.

        Raises
        ------
        ValueError
            If "unit" is asked of a table.
        """
        if features and method == "unit":
            raise ValueError(
                "scaling — must be standard, minmax or none for a table — got unit, which divides "
                "pixels by 255. Use minmax."
            )
        if features:
            return _of_columns(x[indices], features, method)
        return _of_pixels(x, indices, method)

    def __eq__(self, other: object) -> bool:
        """Return whether all constants are the same."""
        return isinstance(other, Scaling) and all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("scale", "shift", "fill")
        )

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Return examples as a new float32 array of rows, shape (n, pixels or columns)."""
        # Not -1: a part that is empty has columns, too.
        rows = np.asarray(x).reshape(len(x), math.prod(x.shape[1:]))
        if self.fill is not None:
            rows = np.where(np.isnan(rows), self.fill, rows)
        scaled = np.multiply(rows, np.float32(self.scale), dtype=np.float32)
        scaled += np.float32(self.shift)
        return scaled


def _constants(
    method: Method, *, mean: float, deviation: float, low: float, high: float
) -> tuple[float, float]:
    """Return the scale, and the value that becomes 0; at a deviation of 0 nothing varies."""
    if method == "unit":
        return 1 / 255, 0.0
    if method == "none":
        return 1.0, 0.0
    centre, width = (mean, deviation) if method == "standard" else (low, high - low)
    return 1 / width if deviation else 1.0, centre


def _of_pixels(images: np.ndarray, indices: np.ndarray, method: Method) -> Scaling:
    """Count the 256 byte values: exact, and without a float copy of the images."""
    counts, pairs = np.zeros(256, np.int64), np.zeros(1 << 16, np.int64)
    for start in range(0, len(indices), _CHUNK):
        # bincount widens its input to 64 bits: in one piece, MNIST would take 300 MB.
        pixels = images[indices[start : start + _CHUNK]].ravel()
        even = pixels.size // 2 * 2
        # Two neighbours at a time: half as many values to widen and to count.
        pairs += np.bincount(pixels[:even].view(np.uint16), minlength=len(pairs))
        counts += np.bincount(pixels[even:], minlength=256)
    counts += pairs.reshape(256, 256).sum(axis=0) + pairs.reshape(256, 256).sum(axis=1)
    values = np.arange(256)
    mean = float(counts @ values / counts.sum())
    deviation = float(np.sqrt(counts @ (values - mean) ** 2 / counts.sum()))
    present = values[counts > 0]
    low, high = float(present[0]), float(present[-1])
    scale, centre = _constants(method, mean=mean, deviation=deviation, low=low, high=high)
    return Scaling(scale, -centre * scale)


def _of_columns(rows: np.ndarray, features: Sequence[Feature], method: Method) -> Scaling:
    scale, shift = np.ones(rows.shape[1], np.float32), np.zeros(rows.shape[1], np.float32)
    fill = np.zeros(rows.shape[1], np.float32)
    for j, feature in enumerate(features):
        column = rows[:, j].astype(np.float64)
        present = column[~np.isnan(column)]
        if feature.category:
            fill[j] = present.sum()  # how often, for now
            continue
        fill[j] = np.median(present) if len(present) else 0
        column = np.where(np.isnan(column), fill[j], column)
        deviation = column.std()
        # The largest magnitudes in float32 tell a constant from rounding.
        varies = deviation > 1e-6 * np.abs(column).max(initial=0)
        scale[j], centre = _constants(
            method,
            mean=column.mean(),
            deviation=deviation if varies else 0.0,
            low=column.min(),
            high=column.max(),
        )
        shift[j] = -centre * scale[j]
    for name in {f.name for f in features if f.category}:
        members = [j for j, f in enumerate(features) if f.name == name and f.category]
        most = members[int(fill[members].argmax())]
        fill[members] = 0
        fill[most] = 1
    return Scaling(scale, shift, fill)
