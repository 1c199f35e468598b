"""Tables as text: CSV, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from pipeline.results.text.markup import escape_latex, escape_markdown, plain_cell

P_VALUES = (
    *("p", "p_adjusted", "p_equivalence", "p_equivalence_adjusted"),
    *("sign_flip_p", "smallest_p", "divergence_p"),
)


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
    return rounded.to_csv(index=False, lineterminator="\n")


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
