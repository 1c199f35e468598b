"""Tables as the page's template wants them: a text and a sort key per cell, and files of them."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.results.report.glyph import Glyph
from pipeline.results.tables.column import Column, Row, known, numeric, texts
from pipeline.results.tables.layout import to_csv, to_latex

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

    `csv` and `latex` are addresses that hold the files themselves.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    csv: str
    latex: str


def table_view(
    name: str,
    caption: str,
    columns: Sequence[Column],
    rows: pd.DataFrame,
    drawn: Sequence[Glyph | None] = (),
) -> TableView:
    """Put texts and the numbers that they are sorted by together.

    Parameters
    ----------
    name, caption : str
        For the page's links; what the table shows.
    columns : sequence of Column
        Those that name the dataset, or of which nothing is known, are left out.
    rows : DataFrame
        One dataset's rows of the analysis.
    drawn : sequence of Glyph or None, optional
        Interval to draw beside the difference of each row.
    """
    own = [column for column in known(columns, rows) if column.head != "dataset"]
    order = sorted(own, key=_place)
    glyphs = list(drawn) or [None] * len(rows)
    body = tuple(
        tuple(_cell(column, row, glyph) for column in order)
        for row, glyph in zip(rows.to_dict("records"), glyphs, strict=True)
    )
    shown = texts(own, rows)
    latex = to_latex(shown, caption=caption, numeric=numeric(own))
    return TableView(
        name,
        caption,
        tuple(order),
        body,
        _address("text/csv", to_csv(shown)),
        _address("text/plain", latex),
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
