"""Tables as the report's template wants them: a text and a sort key per cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.results.findings import finding
from pipeline.results.report.glyph import Glyph, glyphs
from pipeline.results.study_results import StudyResults
from pipeline.results.tables import comparison, with_without
from pipeline.results.tables.analyse import Tables
from pipeline.results.text.titles import dataset_title


@dataclass(frozen=True)
class Cell:
    """One cell: what is shown, what it is sorted by, and how it is set."""

    text: str
    key: str
    kind: str = ""
    glyph: Glyph | None = None


@dataclass(frozen=True)
class TableView:
    """A table for the template; the first column heads its rows."""

    name: str
    caption: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]


_WITH_WITHOUT = {
    "difference (pp)": "difference_pp",
    "accuracy without": "accuracy_without",
    "accuracy with": "accuracy_with",
    "CPU time without": "fit_cpu_s_without",
    "CPU time with": "fit_cpu_s_with",
    "time per run": "fit_cpu_s_ratio",
    "cost per step": "step_ratio",
    "n": "n",
}
_COMPARISON = {
    "difference (pp)": "difference_pp",
    "accuracy (%)": "mean_accuracy",
    "P(better)": "p_better",
    "adjusted p": "p_adjusted",
    "rank": "mean_rank",
    "CPU time per run": "fit_cpu_s",
    "cost per step": "step_cost_ratio",
    "time to target": "time_to_target_s",
    "n": "n",
}


def with_without_views(results: StudyResults, tables: Tables) -> list[TableView]:
    """Return the with / without table of each dataset, with a drawn interval per row."""
    table = tables["with_without"]
    if table.empty:
        return []
    shown = with_without.with_without_rows(table, tables["effects"])
    views = []
    for dataset, rows in table.groupby("dataset", sort=False):
        margin = results.study.margin(str(dataset))
        drawn = glyphs(rows[["difference_pp", "ci_low_pp", "ci_high_pp"]].to_numpy(float), margin)
        columns = [c for c in shown.columns if c != "dataset" and _known(rows, c)]
        # What matters most comes first: a phone shows three columns at once.
        first = ["component", "verdict", "difference (pp)"]
        order = [*first, *(c for c in columns if c not in first)]
        one = table_view(
            f"with-{dataset}",
            dataset_title(str(dataset)),
            order,
            shown.loc[rows.index].to_dict("records"),
            rows.to_dict("records"),
            _WITH_WITHOUT,
            drawn,
        )
        views.append(one)
    return views


def _known(rows: pd.DataFrame, column: str) -> bool:
    source = _WITH_WITHOUT.get(column)
    return source is None or bool(rows[source].notna().any())


def comparison_view(results: StudyResults, tables: Tables) -> TableView | None:
    """Return the full comparison, or None when no run has finished."""
    cells = comparison.in_order(tables["cells"])
    if cells.empty:
        return None
    shown = comparison.wide(cells, results)
    factors = [factor.name for factor in results.study.factors]
    several = ["dataset"] * (len(results.measured) > 1)
    first = ["cell", *several, "verdict"]
    order = [*first, *(c for c in shown.columns if c not in ("dataset", *first, *factors))]
    dropped = {c for c, source in _COMPARISON.items() if not cells[source].notna().any()}
    return table_view(
        "comparison",
        "Every cell beside the baseline of its dataset",
        [c for c in order if c not in dropped],
        shown.to_dict("records"),
        cells.to_dict("records"),
        _COMPARISON,
        None,
    )


def table_view(
    name: str,
    caption: str,
    columns: Sequence[str],
    shown: Sequence[Mapping[Any, Any]],
    raw: Sequence[Mapping[Any, Any]],
    sources: Mapping[str, str],
    drawn: Sequence[Glyph | None] | None,
) -> TableView:
    """Put texts and the numbers that they are sorted by together, column by column.

    Parameters
    ----------
    name, caption : str
        For the page's links and above the table.
    columns : sequence of str
        Which, in order; the first heads its row.
    shown, raw : sequence of mapping
        A row's texts, and its values.
    sources : mapping of str to str
        Numeric column to the value that it shows.
    drawn : sequence of Glyph or None, optional
        Interval to draw beside the difference of each row.
    """
    rows = []
    for i, (texts, values) in enumerate(zip(shown, raw, strict=True)):
        glyph = drawn[i] if drawn else None
        rows.append(tuple(_cell(c, texts, values, sources, glyph) for c in columns))
    numeric = set(sources)
    heads = tuple((c.replace("CPU time", "CPU\u00a0time"), c in numeric) for c in columns)
    return TableView(name, caption, heads, tuple(rows))


def _cell(
    column: str,
    texts: Mapping[Any, Any],
    values: Mapping[Any, Any],
    sources: Mapping[str, str],
    glyph: Glyph | None,
) -> Cell:
    text = str(texts[column])
    if column == "verdict":
        return Cell(text, text, f"verdict {text}")
    if column not in sources:
        return Cell(text, text)
    value = float(values[sources[column]])
    key = "" if math.isnan(value) else f"{value:.9g}"
    return Cell(text, key, "number", glyph if column == "difference (pp)" else None)


def findings_view(results: StudyResults, tables: Tables) -> list[dict[str, Any]]:
    """Return the sentence on every component, by dataset."""
    effects = tables["effects"]
    if effects.empty:
        return []
    return [
        {
            "dataset": dataset_title(str(dataset)),
            "sentences": [finding(row, results) for row in rows.to_dict("records")],
        }
        for dataset, rows in effects.groupby("dataset", sort=False)
    ]
