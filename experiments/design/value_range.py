"""Ranges: what a level leaves to the tuning of each block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.errors import StudyError


@dataclass(frozen=True)
class Range:
    """The values between two ends, spread evenly over their logarithm.

    Parameters
    ----------
    low, high : float
        The ends, 0 < low < high.
    usual : float
        The value of someone who does not tune.
    """

    low: float
    high: float
    usual: float

    @classmethod
    def between(cls, low: float, high: float) -> Range:
        """Return the range between two ends; its usual value is their geometric mean.

        Examples
        --------
        >>> Range.between(0.01, 1)
        Range(low=0.01, high=1, usual=0.1)
        """
        return cls(low, high, low * (high / low) ** 0.5)

    @classmethod
    def around(cls, usual: float, decades: float, shift: float = 0.0) -> Range:
        """Return so many powers of ten around a value, the middle so many above it.

        Examples
        --------
        >>> Range.around(0.1, 2)
        Range(low=0.01, high=1.0, usual=0.1)
        >>> Range.around(0.1, 2, shift=1)
        Range(low=0.1, high=10.0, usual=0.1)
        """
        half = decades / 2
        return cls(usual * 10 ** (shift - half), usual * 10 ** (shift + half), usual)

    def at(self, share: float) -> float:
        """Return the value at a share of the way, low · (high / low)^share.

        Examples
        --------
        >>> Range.between(1e-6, 1e-2).at(0.5)
        0.0001
        """
        return float(self.low * (self.high / self.low) ** share)


def parse_range(value: Any, where: str) -> Range | None:
    """Return the range that `{log: [low, high]}` writes; None for any other value.

    Raises
    ------
    StudyError
        If it is one, and its ends are not.
    """
    if not (isinstance(value, Mapping) and set(value) == {"log"}):
        return None
    ends = value["log"]
    numbers = isinstance(ends, list) and all(type(end) in (int, float) for end in ends)
    if not (numbers and len(ends) == 2 and 0 < ends[0] < ends[1] < float("inf")):
        raise StudyError(
            f"`{where}.log` must be two finite numbers, 0 < low < high; got {ends!r}. "
            "Write {log: [1.0e-6, 1.0e-2]}."
        )
    return Range.between(float(ends[0]), float(ends[1]))
