"""A column of a shown table, declared once for Markdown, LaTeX, CSV and the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

Row = Mapping[Any, Any]
# What no family corrects is a description, and says so wherever it is printed.
DESCRIPTION = " °"


@dataclass(frozen=True)
class Column:
    """A heading, and what stands under it.

    Parameters
    ----------
    head : str
        The heading.
    text : callable
        A row of the analysis → the text that is shown.
    value : str
        The column of the analysis that a numeric column shows and is sorted by; empty for words.
    term : str
        The glossary's word for the heading, empty where it explains itself.
    """

    head: str
    text: Callable[[Row], str]
    value: str = ""
    term: str = ""


def texts(columns: Sequence[Column], rows: pd.DataFrame) -> pd.DataFrame:
    """Return a table of strings: a column per declared one, a row per row of the analysis."""
    records = rows.to_dict("records")
    return pd.DataFrame(
        {column.head: pd.Series([column.text(row) for row in records], dtype=object)
         for column in columns}
    )  # fmt: skip


def known(columns: Sequence[Column], rows: pd.DataFrame) -> list[Column]:
    """Return the columns without the numeric ones of which no row knows a value."""
    return [column for column in columns if not column.value or rows[column.value].notna().any()]


def numeric(columns: Sequence[Column]) -> list[str]:
    """Return the headings of the numeric columns."""
    return [column.head for column in columns if column.value]
