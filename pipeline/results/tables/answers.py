"""Write the answers: comparison, with / without, effects, curves, verdicts, metrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.analysis.ledger import binned
from pipeline import atomic
from pipeline.results.findings import pair_sentences
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.tables import comparison_table, component_tables
from pipeline.results.tables.counts import notes
from pipeline.results.tables.dvc_metrics import metrics
from pipeline.results.tables.layout import to_csv, to_latex, to_markdown
from pipeline.results.tables.shown import Shown
from pipeline.results.tables.times import time_table
from pipeline.results.tables.verdict_file import verdicts
from pipeline.results.text.markup import escape_markdown

CURVES = ["dataset", "cell", "epoch", "val_accuracy", "val_loss", "train_loss", "n"]
RATES = ["dataset", "arm", "learning_rate", "value", "chosen"]


def write_answers(results: StudyResults, tables: Tables, out: Path) -> None:
    """Write a study's tables into the results folder."""
    cells, response = comparison_table.comparison(results, tables), results.measure.response.name
    data = {
        "comparison": comparison_table.written(cells.rows, response),
        "comparison_long": comparison_table.long(cells.rows, results),
        "with_without": component_tables.written(tables["with_without"], response),
        "secondary": component_tables.written(tables["secondary"], "response"),
        **{name: tables[name] for name in ("effects", "interactions", "variance", "ranks")},
        "time_to_target": time_table(tables["cell_times"], tables["component_times"]),
        "learning_curves": learning_curves(results),
        # Means of the trials over parts of their range; those that diverged are in none.
        "learning_rates": binned(results.tuning, "learning_rate")[RATES],
    }
    sides = component_tables.sides(results, tables)
    further = [show(results, tables) for show in component_tables.FURTHER]
    files = {
        **{f"{name}.csv": to_csv(table) for name, table in data.items()},
        "comparison.md": _head("Comparison", results, tables) + _table(cells),
        "comparison.tex": to_latex(cells.texts, caption=cells.about, numeric=cells.numeric),
        "with_without.md": _head(sides.heading, results, tables)
        + _table(sides)
        + "".join(f"\n## {t.heading}\n\n{_table(t)}" for t in further if len(t.rows))
        + _pairs(results, tables),
        "verdicts.json": _json(verdicts(results, tables)),
        "metrics.json": _json(metrics(results, tables)),
    }
    for name, text in files.items():
        atomic.write_text(out / name, text)


def learning_curves(results: StudyResults) -> pd.DataFrame:
    """Average the learning curves of the baseline and of each cell one switch away from it.

    A design that has fewer than two such cells shows all of its own. Only runs with status ok
    enter; a run that stopped early keeps out of the epochs it did not reach, so that `n` may
    fall.
    """
    runs = results.runs[(results.runs["arm"] == "cell") & (results.runs["status"] == "ok")]
    switched = sum((runs[f.name].astype(str) != f.null).astype(int) for f in results.study.factors)
    near = runs[switched <= 1]
    shown = near if near["cell"].nunique() > 2 else runs
    rows = results.history.merge(shown[["run_key", "dataset", "cell"]], on="run_key")
    groups = rows.groupby(["dataset", "cell", "epoch"], sort=True)
    means = groups[["val_accuracy", "val_loss", "train_loss"]].mean()
    return means.assign(n=groups.size()).reset_index()[CURVES]


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def _head(title: str, results: StudyResults, tables: Tables) -> str:
    lines = [f"- {escape_markdown(note)}\n" for note in notes(results, tables["counts"])]
    return f"# {title}\n\n{escape_markdown(results.study.question)}\n\n{''.join(lines)}\n"


def _table(shown: Shown) -> str:
    body = "No run has finished yet.\n"
    if len(shown.rows):
        body = to_markdown(shown.texts, numeric=shown.numeric)
    return f"{body}\n{escape_markdown(shown.about)}\n"


def _pairs(results: StudyResults, tables: Tables) -> str:
    if tables["effects"].empty:
        return ""
    lines = map(escape_markdown, pair_sentences(tables["interactions"], results.measure))
    return "\n## Pairs of components\n\n" + "".join(f"- {line}\n" for line in lines)
