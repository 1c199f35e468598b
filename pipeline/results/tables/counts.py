"""How many runs there are of each kind, and how many are missing."""

from __future__ import annotations

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.text.titles import dataset_title
from pipeline.results.text.words import counted

_STATUSES = ("ok", "diverged", "failed")


def run_counts(results: StudyResults) -> pd.DataFrame:
    """Count a study's runs: one row per dataset, the unavailable ones included."""
    rows = []
    for name, card in results.cards.items():
        status = results.runs.loc[results.runs["dataset"] == name, "status"]
        counts = [int((status == kind).sum()) for kind in _STATUSES]
        planned = results.planned[name]
        rows.append((name, card.available, planned, *counts, max(planned - sum(counts), 0)))
    return pd.DataFrame(rows, columns=["dataset", "available", "planned", *_STATUSES, "missing"])


def notes(results: StudyResults, counts: pd.DataFrame) -> list[str]:
    """Return a line per dataset: its run counts, or why it is not there and what to do."""
    lines = []
    for row in counts.to_dict("records"):
        card = results.cards[row["dataset"]]
        title = dataset_title(card.name)
        if not card.available:
            lines.append(f"{title} is unavailable ({'; '.join(card.reasons)}). {card.remedy}")
            continue
        kinds = [f"{row[kind]} {kind}" for kind in (*_STATUSES, "missing")]
        lines.append(f"{title}: {counted(row['planned'], 'run')} planned, {', '.join(kinds)}.")
    return lines
