"""Runtime and performance with and without each component, as a reader wants it."""

from __future__ import annotations

import math

import pandas as pd

from pipeline.results.tables.column import Column
from pipeline.results.tables.counts import n_and_lost
from pipeline.results.text.rounding import difference, ratio, seconds
from pipeline.results.text.titles import dataset_title

# Explained under the table wherever it stands.
DISTURBED = " †"
_SIDE = ["dataset", "component", "level"]


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %" if math.isfinite(value) else "–"


WITH_WITHOUT = (
    Column("dataset", lambda row: dataset_title(row["dataset"])),
    Column("component", lambda row: row["title"]),
    Column("accuracy without", lambda row: _percent(row["accuracy_without"]), "accuracy_without"),
    Column("accuracy with", lambda row: _percent(row["accuracy_with"]), "accuracy_with"),
    Column(
        "difference (pp)",
        lambda row: difference(row["difference_pp"], row["ci_low_pp"], row["ci_high_pp"]),
        "difference_pp",
        "interval",
    ),
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
    Column("n", n_and_lost, "n", "n"),
    Column("verdict", lambda row: row["verdict"], term="verdict"),
)


def judged(sides: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Return the with / without table with each row's verdict and lost runs.

    Parameters
    ----------
    sides, effects : DataFrame
        `with_without` and `effects` of `analyse`.
    """
    columns = [*_SIDE, "verdict", "n_missing", "n_diverged"]
    return sides.merge(effects[columns], on=_SIDE, how="left", validate="1:1")
