"""Write the answers: comparison, with / without, effects, verdicts, metrics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import atomic
from pipeline.results.study_results import StudyResults
from pipeline.results.tables import comparison, with_without
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.captions import (
    SHARES_CAPTION,
    comparison_caption,
    statistics_caption,
    with_without_caption,
)
from pipeline.results.tables.column import Column, numeric, texts
from pipeline.results.tables.counts import notes
from pipeline.results.tables.curves import learning_curves, rate_curves
from pipeline.results.tables.layout import to_csv, to_latex, to_markdown
from pipeline.results.tables.metrics import metrics
from pipeline.results.tables.statistics import SHARES, STATISTICS, pair_sentences
from pipeline.results.tables.times import time_table
from pipeline.results.tables.verdicts import verdicts
from pipeline.results.text.markup import escape_markdown


def write_answers(results: StudyResults, tables: Tables, out: Path) -> None:
    """Write a study's tables.

    Parameters
    ----------
    results : StudyResults
        What the study's stages left.
    tables : dict
        From `analyse`.
    out : Path
        The results folder.
    """
    cells, effects = comparison.in_order(tables["cells"]), tables["effects"]
    columns = comparison.comparison_columns(results.study.factors)
    caption = comparison_caption(results)
    sides = with_without.judged(tables["with_without"], effects)
    written = {
        "comparison.csv": to_csv(cells),
        "comparison_long.csv": to_csv(comparison.long(tables["cells"])),
        "comparison.md": _head("Comparison", results, tables) + _table(columns, cells, caption),
        "comparison.tex": to_latex(
            texts(columns, cells), caption=caption, numeric=numeric(columns)
        ),
        "with_without.csv": to_csv(tables["with_without"]),
        "with_without.md": _head("With and without each component", results, tables)
        + _table(with_without.WITH_WITHOUT, sides, with_without_caption(results, effects))
        + _statistics(results, tables),
        "effects.csv": to_csv(effects),
        "interactions.csv": to_csv(tables["interactions"]),
        "variance.csv": to_csv(tables["variance"]),
        "ranks.csv": to_csv(tables["ranks"]),
        "time_to_target.csv": to_csv(time_table(tables["cell_times"], tables["component_times"])),
        "learning_curves.csv": to_csv(learning_curves(results)),
        "learning_rates.csv": to_csv(rate_curves(results)),
        "verdicts.json": _json(verdicts(results, tables)),
        "metrics.json": _json(metrics(results, tables)),
    }
    for name, text in written.items():
        atomic.write_text(out / name, text)


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def _head(title: str, results: StudyResults, tables: Tables) -> str:
    lines = [f"- {escape_markdown(note)}" for note in notes(results, tables["counts"])]
    question = escape_markdown(results.study.question)
    return "\n".join([f"# {title}", "", question, "", *lines, "", ""])


def _table(columns: Sequence[Column], rows: pd.DataFrame, caption: str) -> str:
    body = "No run has finished yet.\n"
    if len(rows):
        body = to_markdown(texts(columns, rows), numeric=numeric(columns))
    return f"{body}\n{escape_markdown(caption)}\n"


def _statistics(results: StudyResults, tables: Tables) -> str:
    effects = tables["effects"]
    if effects.empty:
        return ""
    caption = statistics_caption(results, effects)
    pairs = [f"- {escape_markdown(line)}\n" for line in pair_sentences(tables["interactions"])]
    return (
        f"\n## The statistics behind each verdict\n\n{_table(STATISTICS, effects, caption)}"
        f"\n## Alone, on top of the others, and in all\n\n{_table(SHARES, effects, SHARES_CAPTION)}"
        f"\n## Pairs of components\n\n{''.join(pairs)}"
    )
