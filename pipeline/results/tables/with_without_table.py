"""Runtime and performance with and without each component, as a reader wants it."""

from __future__ import annotations

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.column import (
    COMPONENT,
    DATASET,
    DESCRIPTION,
    VERDICT,
    Column,
    N,
    numbers,
    words,
)
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import difference, ratio, seconds

# Explained under the table wherever it stands.
DISTURBED = " †"
_COMPARED = ["dataset", "component", "level", "null_level"]
_DIFFERENCE = ("difference_pp", "ci_low_pp", "ci_high_pp")
_SIDES = ("without", "with")


def with_without_columns(measure: Measure) -> list[Column]:
    """Return the columns of the table, one row per dataset × component."""
    title = measure.response.title
    return [
        DATASET,
        COMPONENT,
        *(numbers(f"{title} {side}", measure.shown, f"accuracy_{side}") for side in _SIDES),
        numbers(
            measure.head("difference", difference=True), difference, *_DIFFERENCE, term="interval"
        ),
        *(numbers(f"CPU time {side}", seconds, f"fit_cpu_s_{side}") for side in _SIDES),
        numbers("time per run", ratio, *(f"fit_cpu_s_ratio{end}" for end in ("", "_low", "_high"))),
        numbers(
            "cost per step",
            lambda *step: ratio(*step[:3]) + DISTURBED * bool(step[3]),
            *("step_ratio", "step_low", "step_high", "step_disturbed"),
            term="cost per step",
        ),
        N,
        VERDICT,
    ]


def secondary_columns(results: StudyResults) -> list[Column]:
    """Return the columns of the table, one row per dataset × component × secondary response."""
    measures = {measure.column: measure for measure in results.secondary}

    def mean(value: float, name: str) -> str:
        return measures[name].shown(value)

    def change(value: float, low: float, high: float, name: str) -> str:
        return measures[name].change(value, low, high)

    return [
        DATASET,
        COMPONENT,
        words("measure", "response", lambda name: measures[name].title),
        *(numbers(side, mean, f"accuracy_{side}", "response") for side in _SIDES),
        numbers(f"difference{DESCRIPTION}", change, *_DIFFERENCE, "response", term="interval"),
        words("better is", "response", lambda name: measures[name].response.better),
        numbers("n", str, "n", term="n"),
    ]


def judged(sides: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Return the with / without table with each row's verdict and lost runs."""
    columns = [*_COMPARED, "verdict", "n_missing", "n_diverged", "n_not_tuned"]
    return sides.merge(effects[columns], on=_COMPARED, how="left", validate="1:1")


def written(sides: pd.DataFrame, name: str = "response") -> pd.DataFrame:
    """Return the table as its CSV has it: the means are called after their response."""
    return sides.rename(columns={f"accuracy_{side}": f"{name}_{side}" for side in _SIDES})
