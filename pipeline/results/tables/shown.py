"""A table as it is shown, declared once for Markdown, LaTeX, CSV and the page, and as text."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.results.text.estimates import Row
from pipeline.results.text.markup import escape_latex, escape_markdown, plain_cell
from pipeline.results.text.titles import dataset_title

# What no family corrects is a description, and says so wherever it is printed.
DESCRIPTION = " °"
P_VALUES = (
    *("p", "p_adjusted", "p_equivalence", "p_equivalence_adjusted"),
    *("sign_flip_p", "smallest_p", "divergence_p"),
)


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


def to_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV, numbers with at most six decimals, no index.

    P-values keep four digits instead, so that a small one does not come out as zero; a name that
    a spreadsheet would take for a formula gets an apostrophe before it.
    """
    rounded = table.round(6)
    for name in rounded.select_dtypes("number").columns.intersection(list(P_VALUES)):
        rounded[name] = table[name].map(lambda p: float(f"{p:.4g}"))
    for column in rounded.select_dtypes(["object", "string"]):
        rounded[column] = rounded[column].map(plain_cell)
    return rounded.rename(columns=plain_cell).to_csv(index=False, lineterminator="\n")


def to_markdown(table: pd.DataFrame, *, numeric: Collection[str] = ()) -> str:
    """Return a table of strings in Markdown; columns in `numeric` are set right."""
    lines = [_markdown_line(table.columns)]
    lines.append(_markdown_line("--:" if c in numeric else "---" for c in table.columns))
    lines += [_markdown_line(row) for row in table.itertuples(index=False)]
    return "\n".join(lines) + "\n"


def _markdown_line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(escape_markdown(cell) for cell in cells)} |"


def to_latex(table: pd.DataFrame, *, caption: str, numeric: Collection[str] = ()) -> str:
    """Return a table of strings as a LaTeX longtable with booktabs rules, for a turned page."""
    style = table.style.hide(axis="index").format(escape_latex)
    drawn = style.format_index(escape_latex, axis="columns").to_latex(
        environment="longtable",
        hrules=True,
        column_format="".join("r" if c in numeric else "l" for c in table.columns),
    )
    # Given to pandas, the caption would stand again at the head of every page.
    named = f"\\caption{{{escape_latex(caption)}}} \\\\\n\\toprule"
    drawn = drawn.replace("\\toprule", named, 1)
    return (
        "% needs \\usepackage{booktabs, longtable, pdflscape}\n"
        "\\begin{landscape}\\scriptsize\\setlength{\\tabcolsep}{3pt}\n"
        f"{drawn}\\end{{landscape}}\n"
    )
