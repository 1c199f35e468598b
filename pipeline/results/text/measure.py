"""The study's primary response as it is shown: name, unit, direction, rounded values."""

from __future__ import annotations

import math
from dataclasses import dataclass

from experiments.response import Response, built_in, split_column
from pipeline.results.text.rounding import decimals, difference, half_width, signed

_PARTS = {"test": "test", "val": "validation"}


@dataclass(frozen=True)
class Measure:
    """A column of the run table, and the response that it holds."""

    column: str
    response: Response

    @property
    def title(self) -> str:
        """The response in words: "test accuracy"."""
        return f"{_PARTS[split_column(self.column)[0]]} {self.response.title}"

    @property
    def validation(self) -> str:
        """The column of the same response on validation data, which selects."""
        return f"val_{split_column(self.column)[1]}"

    @property
    def validation_title(self) -> str:
        """The response on validation data in words: "validation accuracy"."""
        return f"validation {self.response.title}"

    @property
    def unit(self) -> str:
        """The unit of a value with the space before it, empty for bare numbers."""
        return f" {self.response.unit}" if self.response.unit else ""

    @property
    def step(self) -> str:
        """The unit of a difference with the space before it: percentage points for shares."""
        return f" {self.response.difference_unit}" if self.response.difference_unit else ""

    def head(self, words: str, *, difference: bool = False) -> str:
        """Return a heading with its unit: "accuracy (%)"."""
        unit = (self.step if difference else self.unit).strip()
        return f"{words} ({unit})" if unit else words

    def moves(self, verdict: str) -> str:
        """Return what a component that helps or hurts does to the response, in the past tense."""
        return "raised" if (verdict == "helps") == (self.response.sign > 0) else "lowered"

    def value(self, mean: float, low: float = math.nan, high: float = math.nan) -> str:
        """Return a mean with the half-width of its interval, without the unit.

        Examples
        --------
        >>> measure_of("test_accuracy").value(0.98312, 0.9822, 0.9840)
        '98.31 ± 0.09'
        """
        if not math.isfinite(mean):
            return "–"
        mean, low, high = (self.response.scale * x for x in (mean, low, high))
        # As many decimals as the interval supports, without one as many digits as decimals.
        usual = self.response.decimals
        if self.response.unit != "%" and abs(mean) >= 1:
            usual = max(0, usual - 1 - math.floor(math.log10(abs(mean))))
        places = decimals(low, high, default=usual)
        return f"{mean:.{places}f}{half_width(low, high, places)}"

    def shown(self, mean: float, low: float = math.nan, high: float = math.nan) -> str:
        """Return `value` with its unit."""
        return f"{self.value(mean, low, high)}{self.unit}"

    def change(self, value: float, low: float = math.nan, high: float = math.nan) -> str:
        """Return a difference with its interval and unit: "+0.41 [+0.37, +0.44] pp"."""
        return f"{difference(value, low, high)}{self.step}"

    def amount(self, value: float, low: float, high: float) -> str:
        """Return a difference with the half-width of its interval and unit: "+0.41 ± 0.04 pp"."""
        places = decimals(low, high)
        return f"{signed(value, places)}{half_width(low, high, places)}{self.step}"


def measure_of(column: str) -> Measure:
    """Return the measure in a column of the run table that holds a built-in response.

    Examples
    --------
    >>> measure_of("val_log_loss").title, measure_of("val_log_loss").moves("helps")
    ('validation log loss', 'lowered')
    """
    return Measure(column, built_in(split_column(column)[1]))


# What a study is judged by unless it says otherwise.
ACCURACY = measure_of("test_accuracy")
