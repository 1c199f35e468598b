"""Write the answers: comparison, with / without, effects, verdicts, metrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import atomic
from pipeline.results.study_results import StudyResults
from pipeline.results.tables import comparison, statistics, with_without
from pipeline.results.tables.analyse import Tables, analyse
from pipeline.results.tables.captions import (
    SHARES_CAPTION,
    comparison_caption,
    statistics_caption,
    with_without_caption,
)
from pipeline.results.tables.curves import learning_curves, rate_curves
from pipeline.results.tables.layout import escape_markdown, to_csv, to_latex, to_markdown
from pipeline.results.tables.metrics import metrics
from pipeline.results.tables.times import time_table
from pipeline.results.tables.verdicts import verdicts
from pipeline.results.text.titles import dataset_title


def write_answers(results: StudyResults, out: Path) -> Tables:
    """Analyse a study and write its tables.

    Parameters
    ----------
    results : StudyResults
        What the study's stages left.
    out : Path
        The results folder.

    Returns
    -------
    dict
        The tables, see `analyse`; figures and report take them.
    """
    tables = analyse(results)
    cells, effects = comparison.in_order(tables["cells"]), tables["effects"]
    shown = comparison.wide(tables["cells"], results)
    sides = with_without.with_without_rows(tables["with_without"], effects)
    written = {
        "comparison.csv": to_csv(cells),
        "comparison_long.csv": to_csv(comparison.long(tables["cells"])),
        "comparison.md": _page(
            results,
            tables,
            shown,
            title="Comparison",
            numeric=comparison.NUMERIC,
            caption=comparison_caption(results),
        ),
        "comparison.tex": to_latex(
            shown, caption=comparison_caption(results), numeric=comparison.NUMERIC
        ),
        "with_without.csv": to_csv(tables["with_without"]),
        "with_without.md": _page(
            results,
            tables,
            sides,
            title="With and without each component",
            numeric=with_without.NUMERIC,
            caption=with_without_caption(results, effects),
        )
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
    return tables


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def _statistics(results: StudyResults, tables: Tables) -> str:
    effects = tables["effects"]
    if effects.empty:
        return ""
    made = (
        ("The statistics behind each verdict", statistics.statistic_rows(effects),
         statistics.STATISTICS, statistics_caption(results, effects)),
        ("Alone, on top of the others, and in all", statistics.share_rows(effects),
         statistics.SHARES, SHARES_CAPTION),
    )  # fmt: skip
    parts = [
        f"\n## {heading}\n\n{to_markdown(rows, numeric=tuple(columns))}\n{escape_markdown(said)}\n"
        for heading, rows, columns, said in made
    ]
    pairs = statistics.pair_sentences(tables["interactions"])
    listed = "".join(f"- {escape_markdown(sentence)}\n" for sentence in pairs)
    return "".join([*parts, f"\n## Pairs of components\n\n{listed}"])


def _page(
    results: StudyResults,
    tables: Tables,
    table: pd.DataFrame,
    *,
    title: str,
    numeric: tuple[str, ...],
    caption: str,
) -> str:
    lines = [f"# {title}", "", escape_markdown(results.question), ""]
    lines += [f"- {escape_markdown(said)}" for said in notes(results, tables)]
    body = to_markdown(table, numeric=numeric) if len(table) else "No run has finished yet.\n"
    return "\n".join([*lines, "", body, escape_markdown(caption), ""])


def notes(results: StudyResults, tables: Tables) -> list[str]:
    """Return a line per dataset: its run counts, or why it is not there and what to do."""
    said = []
    for row in tables["counts"].to_dict("records"):
        name, card = row["dataset"], results.datasets[row["dataset"]]
        if not row["available"]:
            why = "; ".join(card.get("reasons", [])) or "no reason is known"
            remedy = card.get("remedy", "Run `dvc repro` again.")
            said.append(f"{dataset_title(name)} is not available ({why}). {remedy}")
            continue
        kinds = [f"{row[kind]} {kind}" for kind in ("ok", "diverged", "failed", "missing")]
        said.append(f"{dataset_title(name)}: {row['planned']} runs planned, {', '.join(kinds)}.")
    return said
