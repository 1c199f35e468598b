"""How many runs there are of each kind, and how many are missing."""

from __future__ import annotations

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.text.estimates import Row
from pipeline.results.text.titles import dataset_title
from pipeline.results.text.words import counted

STATUSES = ("ok", "diverged", "failed")
COUNTED = ("planned", *STATUSES, "missing")


def run_counts(results: StudyResults) -> pd.DataFrame:
    """Count a study's runs: one row per dataset, the unavailable ones included."""
    rows = []
    for name, card in results.cards.items():
        status = results.runs.loc[results.runs["dataset"] == name, "status"]
        counts = [int((status == kind).sum()) for kind in STATUSES]
        planned = results.planned[name]
        rows.append((name, card.available, planned, *counts, max(planned - sum(counts), 0)))
    return pd.DataFrame(rows, columns=["dataset", "available", *COUNTED])


def notes(results: StudyResults, counts: pd.DataFrame) -> list[str]:
    """Return a line per dataset: its run counts, or why it is not there and what to do."""
    lines = []
    for row in counts.to_dict("records"):
        card = results.cards[row["dataset"]]
        title = dataset_title(card.name)
        if not card.available:
            lines.append(f"{title} is unavailable ({'; '.join(card.reasons)}). {card.remedy}")
            continue
        kinds = [f"{row[kind]} {kind}" for kind in (*STATUSES, "missing")]
        lines.append(f"{title}: {counted(row['planned'], 'run')} planned, {', '.join(kinds)}.")
    return lines


def n_and_lost(row: Row) -> str:
    """Return n with the runs that were lost: "3 (1 diverged, 2 missing)".

    Examples
    --------
    >>> n_and_lost({"n": 4, "n_diverged": 1, "n_missing": 0, "n_not_tuned": 0})
    '4 (1 diverged)'
    """
    kinds = ("diverged", "missing", "not_tuned")
    lost = [f"{row[f'n_{kind}']} {kind.replace('_', ' ')}" for kind in kinds if row[f"n_{kind}"]]
    return str(row["n"]) + (f" ({', '.join(lost)})" if lost else "")
