"""How many runs there are of each kind, and how many are missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.results.study_results import StudyResults

STATUSES = ("ok", "diverged", "failed")


def run_counts(results: StudyResults) -> pd.DataFrame:
    """Count a study's runs per dataset.

    Returns
    -------
    DataFrame
        `dataset, available, planned, ok, diverged, failed, missing`; one row per dataset of the
        study, the unavailable ones included. Without a known plan, `planned` is every cell seen
        times every replicate seen.
    """
    rows = [_row(results, name) for name in results.datasets]
    columns = ["dataset", "available", "planned", *STATUSES, "missing"]
    return pd.DataFrame(rows, columns=columns)


def _row(results: StudyResults, name: str) -> dict[str, object]:
    counts = dict.fromkeys(STATUSES, 0)
    planned = results.planned.get(name, 0)
    if not results.runs.empty:
        runs = results.runs[results.runs["dataset"] == name]
        counts |= {status: int((runs["status"] == status).sum()) for status in STATUSES}
        seen = runs[["arm", "cell"]].drop_duplicates().shape[0] * runs["replicate"].nunique()
        planned = planned or seen
    missing = max(planned - sum(counts.values()), 0)
    available = bool(results.datasets[name].get("available", True))
    return {
        "dataset": name,
        "available": available,
        "planned": planned,
        **counts,
        "missing": missing,
    }


def lost_runs(row: Mapping[Any, Any]) -> str:
    """Return " (1 diverged, 2 missing)" for a row that lost runs, else nothing.

    Examples
    --------
    >>> lost_runs({"n_diverged": 1, "n_missing": 0})
    ' (1 diverged)'
    """
    lost = [f"{row[f'n_{kind}']} {kind}" for kind in ("diverged", "missing") if row[f"n_{kind}"]]
    return f" ({', '.join(lost)})" if lost else ""
