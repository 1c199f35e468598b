"""Tables as the page's template wants them: a text and a sort key per cell, and files of them."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.results.report.glyph import Glyph
from pipeline.results.tables.column import Column, Shown
from pipeline.results.tables.layout import to_csv, to_latex
from pipeline.results.text.estimates import Row
from pipeline.results.text.titles import dataset_title

# What matters most comes first: a phone shows three columns at once.
_FIRST = ("component", "cell", "verdict", "difference", "effect")


@dataclass(frozen=True)
class Cell:
    """One cell: what is shown, what it is sorted by, and how it is set."""

    text: str
    key: str
    kind: str = ""
    glyph: Glyph | None = None


@dataclass(frozen=True)
class TableView:
    """A table for the template; the first column heads its rows.

    `about` says how to read it; `csv` and `latex` are addresses that hold the files themselves.
    """

    name: str
    heading: str
    caption: str
    about: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    csv: str
    latex: str


def table_view(shown: Shown, dataset: str, drawn: Sequence[Glyph | None] = ()) -> TableView:
    """Put one dataset's texts and the numbers that they are sorted by together.

    The column that names the dataset is left out, and numbers of which nothing is known. An
    interval is drawn beside the difference of each row.
    """
    rows = shown.rows[shown.rows["dataset"] == dataset]
    columns = [
        column
        for column in shown.columns
        if column.head != "dataset" and (not column.value or rows[column.value].notna().any())
    ]
    own = replace(shown, columns=columns, rows=rows)
    order = sorted(columns, key=_place)
    body = [
        [_cell(column, row, glyph) for column in order]
        for row, glyph in zip(rows.to_dict("records"), drawn or [None] * len(rows), strict=True)
    ]
    caption = f"{shown.heading} · {dataset_title(dataset)}"
    csv = _address("text/csv", to_csv(own.texts))
    latex = _address("text/plain", to_latex(own.texts, caption=caption, numeric=own.numeric))
    return TableView(
        f"{dataset}-{shown.name}", shown.heading, caption, shown.caption, order, body, csv, latex
    )


def _place(column: Column) -> int:
    name = column.head.partition(" (")[0]
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _cell(column: Column, row: Row, glyph: Glyph | None) -> Cell:
    text = column.text(row)
    if column.head == "verdict":
        return Cell(text, text, f"verdict {text}")
    if not column.value:
        return Cell(text, text)
    value = float(row[column.value])
    key = "" if math.isnan(value) else f"{value:.9g}"
    return Cell(text, key, "number", glyph if column.value == "difference_pp" else None)


def _address(kind: str, text: str) -> str:
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"
