"""Runtime and performance with and without each component, as a reader wants it."""

from __future__ import annotations

import math

import pandas as pd

from pipeline.results.tables.counts import lost_runs
from pipeline.results.text.rounding import difference, ratio, seconds
from pipeline.results.text.titles import dataset_title

NUMERIC = ("accuracy without", "accuracy with", "difference (pp)", "CPU time without",
           "CPU time with", "time per run", "cost per step", "n")  # fmt: skip
# Explained under the table wherever it stands.
DISTURBED = " †"


def with_without_rows(table: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Return the with / without table as strings, one row per dataset × component.

    Parameters
    ----------
    table, effects : DataFrame
        `with_without` and `effects` of `analyse`.
    """
    if table.empty:
        return pd.DataFrame(columns=["dataset", "component", *NUMERIC, "verdict"])
    side = ["dataset", "component", "level"]
    joined = table.merge(
        effects[[*side, "verdict", "n_missing", "n_diverged"]], on=side, how="left", validate="1:1"
    )
    rows = [_row(row) for row in joined.to_dict("records")]
    return pd.DataFrame(rows, columns=["dataset", "component", *NUMERIC, "verdict"])


def _row(row: dict) -> dict[str, str]:
    time = (row["fit_cpu_s_ratio"], row["fit_cpu_s_ratio_low"], row["fit_cpu_s_ratio_high"])
    ends = (row["difference_pp"], row["ci_low_pp"], row["ci_high_pp"])
    return {
        "dataset": dataset_title(row["dataset"]),
        "component": row["title"],
        "accuracy without": _percent(row["accuracy_without"]),
        "accuracy with": _percent(row["accuracy_with"]),
        "difference (pp)": difference(*ends),
        "CPU time without": seconds(row["fit_cpu_s_without"]),
        "CPU time with": seconds(row["fit_cpu_s_with"]),
        "time per run": ratio(*time),
        "cost per step": ratio(row["step_ratio"], row["step_low"], row["step_high"])
        + DISTURBED * bool(row["step_disturbed"]),
        "n": f"{row['n']}{lost_runs(row)}",
        "verdict": row["verdict"],
    }


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %" if math.isfinite(value) else "–"
