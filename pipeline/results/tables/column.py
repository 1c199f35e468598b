"""A column of a shown table, declared once for Markdown, LaTeX, CSV and the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.results.tables.counts import n_and_lost
from pipeline.results.text.estimates import Row
from pipeline.results.text.titles import dataset_title

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


def words(head: str, name: str, show: Callable[[Any], str] = str, *, term: str = "") -> Column:
    """Return a column that puts a field of the analysis in words."""
    return Column(head, lambda row: show(row[name]), term=term)


def numbers(head: str, show: Callable[..., str], *names: str, term: str = "") -> Column:
    """Return a column of numbers: what is shown from these fields, sorted by the first one."""
    return Column(head, lambda row: show(*(row[name] for name in names)), names[0], term)


DATASET = words("dataset", "dataset", dataset_title)
COMPONENT = words("component", "title")
N = Column("n", n_and_lost, "n", "n")
VERDICT = words("verdict", "verdict", term="verdict")


@dataclass(frozen=True)
class Shown:
    """A table as it is shown, wherever it is: what it shows, and how to read it.

    `rows` are those of the analysis.
    """

    name: str
    heading: str
    caption: str
    columns: Sequence[Column]
    rows: pd.DataFrame

    @property
    def texts(self) -> pd.DataFrame:
        """A table of strings: a column per declared one, a row per row of the analysis."""
        records = self.rows.to_dict("records")
        return pd.DataFrame(
            {column.head: pd.Series([column.text(row) for row in records], dtype=object)
             for column in self.columns}
        )  # fmt: skip

    @property
    def numeric(self) -> list[str]:
        """The headings of the numeric columns."""
        return [column.head for column in self.columns if column.value]
