"""Time to target in one table, and the mark on wall times of runs that shared cores."""

from __future__ import annotations

import pandas as pd

from pipeline.study_results import StudyResults


def time_table(cell_times: pd.DataFrame, component_times: pd.DataFrame) -> pd.DataFrame:
    """Put the cells' times to target above the components', for `time_to_target.csv`.

    Returns
    -------
    DataFrame
        `scope` says "cell" or "component"; columns of the other scope are empty. Empty when
        neither could be computed.
    """
    scopes = {"cell": cell_times, "component": component_times}
    filled = [table.assign(scope=name) for name, table in scopes.items() if len(table)]
    if not filled:
        return pd.DataFrame()
    table = pd.concat(filled, ignore_index=True)
    first = ["dataset", "scope"]
    return table[[*first, *(name for name in table if name not in first)]]


def shared_cores(results: StudyResults) -> dict[str, bool]:
    """Return by dataset whether some of its runs shared the machine, so that walls hold waiting.

    A run that does not say counts as one that shared.
    """
    runs = results.runs
    if "shared_cores" not in runs:
        return dict.fromkeys(results.measured, True)
    ok = runs[runs["status"] == "ok"]
    return {name: bool(part.ne(False).any()) for name, part in
            ok.groupby("dataset")["shared_cores"]}  # fmt: skip


def with_shared_cores(table: pd.DataFrame, results: StudyResults) -> pd.DataFrame:
    """Add `shared_cores`: whether the wall times of the row's dataset hold waiting."""
    if table.empty:
        return table
    shared = shared_cores(results)
    return table.assign(shared_cores=[shared.get(name, True) for name in table["dataset"]])
