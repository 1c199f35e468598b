"""Columns of the analysis' tables: each name with its unit and meaning, declared once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        Name in the table. The ending `_pp` reads "in the unit of the response": percentage
        points for shares, the table's column `unit` for others.
    unit : str
        Unit of its values, empty for names, counts, ratios and p-values.
    meaning : str
        What it holds, in a clause.
    description : bool
        Whether its figures are corrected for no family: to be marked as description wherever
        they are printed.
    """

    name: str
    unit: str
    meaning: str
    description: bool = False


def names(columns: Iterable[Column]) -> tuple[str, ...]:
    """Return the columns' names."""
    return tuple(column.name for column in columns)


def interval(
    name: str, unit: str, meaning: str, *, prefix: str = "", description: bool = False
) -> tuple[Column, ...]:
    """Return an estimate `name` and the ends of its interval, `<prefix>ci_low<ending>` and high."""
    ending = "_pp" if name.endswith("_pp") else ""
    ends = (
        Column(f"{prefix}ci_{end}{ending}", unit, f"{word} end of its interval", description)
        for end, word in (("low", "lower"), ("high", "upper"))
    )
    return (Column(name, unit, meaning, description), *ends)
