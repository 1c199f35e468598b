"""A table as it is shown: declared once for Markdown, LaTeX, CSV and the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

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

    def key(self, row: Row) -> str:
        """Return what a row is sorted by: its text, or its number, empty where it is unknown."""
        if not self.value:
            return self.text(row)
        return "" if math.isnan(row[self.value]) else f"{float(row[self.value]):.9g}"


def words(head: str, name: str, show: Callable[[Any], str] = str, *, term: str = "") -> Column:
    """Return a column that puts a field of the analysis in words."""
    return Column(head, lambda row: show(row[name]), term=term)


def numbers(head: str, show: Callable[..., str], *names: str, term: str = "") -> Column:
    """Return a column of numbers: what is shown from these fields, sorted by the first one."""
    return Column(head, lambda row: show(*(row[name] for name in names)), names[0], term)


def n_and_lost(row: Row) -> str:
    """Return n with the runs that were lost: "3 (1 diverged, 2 missing)".

    Examples
    --------
    >>> n_and_lost({"n": 4, "n_diverged": 1, "n_missing": 0, "n_not_tuned": 0})
    '4 (1 diverged)'
    """
    kinds = ("diverged", "missing", "not_tuned")
    lost = [f"{row[f'n_{kind}']} {kind.replace('_', ' ')}" for kind in kinds if row[f"n_{kind}"]]
    return str(row["n"]) + (f" ({', '.join(lost)})" if lost else "")


DATASET = words("dataset", "dataset", dataset_title)
COMPONENT = words("component", "title")
N = Column("n", n_and_lost, "n", "n")
VERDICT = words("verdict", "verdict", term="verdict")


@dataclass(frozen=True)
class Shown:
    """A table as it is shown, wherever it is: how to read it, and what it shows of which rows.

    `rows` are those of the analysis.
    """

    name: str
    heading: str
    about: str
    columns: Sequence[Column]
    rows: pd.DataFrame

    @property
    def texts(self) -> pd.DataFrame:
        """A table of strings: a column per declared one, a row per row of the analysis."""
        records = self.rows.to_dict("records")
        shown = {c.head: pd.Series([c.text(row) for row in records], dtype=object)
                 for c in self.columns}  # fmt: skip
        return pd.DataFrame(shown)

    @property
    def numeric(self) -> list[str]:
        """The headings of the numeric columns."""
        return [column.head for column in self.columns if column.value]
