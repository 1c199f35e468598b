"""Runtime and performance with and without each component, as a reader wants it."""

from __future__ import annotations

import pandas as pd

from pipeline.results.tables.column import Column
from pipeline.results.tables.counts import n_and_lost
from pipeline.results.text.measure import Measure
from pipeline.results.text.rounding import difference, ratio, seconds
from pipeline.results.text.titles import dataset_title

# Explained under the table wherever it stands.
DISTURBED = " †"
_SIDE = ["dataset", "component", "level", "null_level"]

_SIDES = ("with", "without")


def with_without_columns(measure: Measure) -> list[Column]:
    """Return the columns of the table, one row per dataset × component."""

    def mean(side: str) -> Column:
        name = f"accuracy_{side}"
        text = lambda row: f"{measure.value(row[name])}{measure.unit}"  # noqa: E731
        return Column(f"{measure.response.title} {side}", text, name)

    return [
        Column("dataset", lambda row: dataset_title(row["dataset"])),
        Column("component", lambda row: row["title"]),
        mean("without"),
        mean("with"),
        Column(
            measure.head("difference", difference=True),
            lambda row: difference(row["difference_pp"], row["ci_low_pp"], row["ci_high_pp"]),
            "difference_pp",
            "interval",
        ),
        *_COSTS,
        Column("n", n_and_lost, "n", "n"),
        Column("verdict", lambda row: row["verdict"], term="verdict"),
    ]


_COSTS = (
    Column("CPU time without", lambda row: seconds(row["fit_cpu_s_without"]), "fit_cpu_s_without"),
    Column("CPU time with", lambda row: seconds(row["fit_cpu_s_with"]), "fit_cpu_s_with"),
    Column(
        "time per run",
        lambda row: ratio(
            row["fit_cpu_s_ratio"], row["fit_cpu_s_ratio_low"], row["fit_cpu_s_ratio_high"]
        ),
        "fit_cpu_s_ratio",
    ),
    Column(
        "cost per step",
        lambda row: (
            ratio(row["step_ratio"], row["step_low"], row["step_high"])
            + DISTURBED * bool(row["step_disturbed"])
        ),
        "step_ratio",
        "cost per step",
    ),
)


def judged(sides: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Return the with / without table with each row's verdict and lost runs.

    Parameters
    ----------
    sides, effects : DataFrame
        `with_without` and `effects` of `analyse`.
    """
    columns = [*_SIDE, "verdict", "n_missing", "n_diverged", "n_not_tuned"]
    return sides.merge(effects[columns], on=_SIDE, how="left", validate="1:1")


def written(sides: pd.DataFrame, measure: Measure | None = None) -> pd.DataFrame:
    """Return the table as its CSV has it: the means are called after their response.

    Parameters
    ----------
    sides : DataFrame
        With and without each component.
    measure : Measure, optional
        The response of all rows; without one the rows say which response each is of.
    """
    name = measure.response.name if measure else "response"
    return sides.rename(columns={f"accuracy_{side}": f"{name}_{side}" for side in _SIDES})
