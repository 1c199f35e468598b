"""Write the answers: comparison, with / without, effects, verdicts, metrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline import atomic
from pipeline.results.study_results import StudyResults
from pipeline.results.tables import comparison_table, with_without_table
from pipeline.results.tables.analyse import Tables
from pipeline.results.tables.column import Shown
from pipeline.results.tables.counts import notes
from pipeline.results.tables.curves import learning_curves, rate_curves
from pipeline.results.tables.dvc_metrics import metrics
from pipeline.results.tables.layout import to_csv, to_latex, to_markdown
from pipeline.results.tables.shown_tables import shown_tables
from pipeline.results.tables.statistics import pair_sentences
from pipeline.results.tables.times import time_table
from pipeline.results.tables.verdict_file import verdicts
from pipeline.results.text.markup import escape_markdown


def write_answers(results: StudyResults, tables: Tables, out: Path) -> None:
    """Write a study's tables into the results folder."""
    measure, shown = results.measure, shown_tables(results, tables)
    cells = shown["cells"]
    written = {
        "comparison.csv": to_csv(comparison_table.written(cells.rows, measure)),
        "comparison_long.csv": to_csv(
            comparison_table.long(cells.rows, [measure, *results.secondary])
        ),
        "comparison.md": _head("Comparison", results, tables) + _table(cells),
        "comparison.tex": to_latex(cells.texts, caption=cells.caption, numeric=cells.numeric),
        "with_without.csv": to_csv(
            with_without_table.written(tables["with_without"], measure.response.name)
        ),
        "secondary.csv": to_csv(with_without_table.written(tables["secondary"])),
        "with_without.md": _head("With and without each component", results, tables)
        + _table(shown["sides"])
        + "".join(_section(shown[name]) for name in ("secondary", "statistics", "shares"))
        + _pairs(results, tables),
        "effects.csv": to_csv(tables["effects"]),
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


def _table(shown: Shown) -> str:
    body = "No run has finished yet.\n"
    if len(shown.rows):
        body = to_markdown(shown.texts, numeric=shown.numeric)
    return f"{body}\n{escape_markdown(shown.caption)}\n"


def _section(shown: Shown) -> str:
    return f"\n## {shown.heading}\n\n{_table(shown)}" if len(shown.rows) else ""


def _pairs(results: StudyResults, tables: Tables) -> str:
    if tables["effects"].empty:
        return ""
    lines = pair_sentences(tables["interactions"], results.measure)
    return "\n## Pairs of components\n\n" + "".join(
        f"- {escape_markdown(line)}\n" for line in lines
    )
