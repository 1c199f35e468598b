"""The fields of a row of the analysis that hold an estimate and the ends of its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[Any, Any]


def around(name: str) -> tuple[str, str, str]:
    """Return the fields of a difference by what they begin with: "difference_"."""
    return f"{name}pp", f"{name}ci_low_pp", f"{name}ci_high_pp"


EFFECT = ("effect_pp", "ci_low_pp", "ci_high_pp")
# Of a cell, and of both sides of a component, to what they are compared with.
DIFFERENCE = around("difference_")
CHANGE = ("difference_pp", "ci_low_pp", "ci_high_pp")
MEAN = ("mean_accuracy", "mean_ci_low", "mean_ci_high")
# What a component costs, the better measure first.
STEP_COST = ("step_ratio", "step_low", "step_high")
RUN_COST = ("time_ratio", "time_ratio_low", "time_ratio_high")


def number(row: Row, name: str) -> float:
    """Return a field as a number, NaN where it is null or missing."""
    value = row.get(name)
    return math.nan if value is None else float(value)


def numbers_of(row: Row, fields: Sequence[str]) -> list[float]:
    """Return several fields as numbers."""
    return [number(row, name) for name in fields]
