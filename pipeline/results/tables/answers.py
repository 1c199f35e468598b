"""Write the answers: comparison, with / without, effects, verdicts, metrics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import atomic
from pipeline.results.study_results import StudyResults
from pipeline.results.tables import comparison_table, with_without_table
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.captions import (
    SHARES_CAPTION,
    comparison_caption,
    secondary_caption,
    statistics_caption,
    with_without_caption,
)
from pipeline.results.tables.column import Column, numeric, texts
from pipeline.results.tables.counts import notes
from pipeline.results.tables.curves import learning_curves, rate_curves
from pipeline.results.tables.dvc_metrics import metrics
from pipeline.results.tables.layout import to_csv, to_latex, to_markdown
from pipeline.results.tables.secondary_table import secondary_columns
from pipeline.results.tables.statistics import (
    pair_sentences,
    shares_columns,
    statistics_columns,
)
from pipeline.results.tables.times import time_table
from pipeline.results.tables.verdict_file import verdicts
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
    measure, effects = results.measure, tables["effects"]
    cells = comparison_table.in_order(tables["cells"], sign=measure.response.sign)
    columns = comparison_table.comparison_columns(results)
    caption = comparison_caption(results)
    side_columns = with_without_table.with_without_columns(measure)
    sides = with_without_table.judged(tables["with_without"], effects)
    written = {
        "comparison.csv": to_csv(comparison_table.written(cells, measure)),
        "comparison_long.csv": to_csv(comparison_table.long(cells, [measure, *results.secondary])),
        "comparison.md": _head("Comparison", results, tables) + _table(columns, cells, caption),
        "comparison.tex": to_latex(
            texts(columns, cells), caption=caption, numeric=numeric(columns)
        ),
        "with_without.csv": to_csv(with_without_table.written(tables["with_without"], measure)),
        "secondary.csv": to_csv(with_without_table.written(tables["secondary"])),
        "with_without.md": _head("With and without each component", results, tables)
        + _table(side_columns, sides, with_without_caption(results, effects))
        + _secondary(results, tables)
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


def _secondary(results: StudyResults, tables: Tables) -> str:
    rows = tables["secondary"]
    if rows.empty:
        return ""
    body = _table(secondary_columns(results), rows, secondary_caption(results))
    return f"\n## By other measures\n\n{body}"


def _statistics(results: StudyResults, tables: Tables) -> str:
    effects, measure = tables["effects"], results.measure
    if effects.empty:
        return ""
    caption = statistics_caption(results, effects)
    lines = pair_sentences(tables["interactions"], measure)
    pairs = [f"- {escape_markdown(line)}\n" for line in lines]
    tests = _table(statistics_columns(measure), effects, caption)
    shares = _table(shares_columns(measure), effects, SHARES_CAPTION)
    return (
        f"\n## The statistics behind each verdict\n\n{tests}"
        f"\n## Alone, on top of the others, and in all\n\n{shares}"
        f"\n## Pairs of components\n\n{''.join(pairs)}"
    )
