"""Tables as text: CSV, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

import pandas as pd

_LATEX = {
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "−": "$-$",
    "×": r"$\times$",
    "±": r"$\pm$",
    "–": "--",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}


def to_csv(table: pd.DataFrame, *, places: int = 6) -> str:
    """Return a table as CSV, numbers with at most `places` decimals, no index."""
    buffer = StringIO()
    table.round(places).to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue()


def to_markdown(table: pd.DataFrame, *, numeric: Sequence[str] = ()) -> str:
    """Return a table of strings in Markdown; columns in `numeric` are set right."""
    lines = [_markdown_line(table.columns)]
    lines.append(_markdown_line("--:" if c in numeric else "---" for c in table.columns))
    lines += [_markdown_line(row) for row in table.itertuples(index=False)]
    return "\n".join(lines) + "\n"


def _markdown_line(cells: object) -> str:
    said = (str(c).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
            for c in cells)  # type: ignore[attr-defined]  # fmt: skip
    return f"| {' | '.join(' '.join(cell.split()) for cell in said)} |"


def to_latex(table: pd.DataFrame, *, caption: str, numeric: Sequence[str] = ()) -> str:
    """Return a table of strings as a LaTeX longtable with booktabs rules."""
    columns = "".join("r" if c in numeric else "l" for c in table.columns)
    head = " & ".join(rf"\textbf{{{escape_latex(c)}}}" for c in table.columns)
    body = [" & ".join(escape_latex(c) for c in row) for row in table.itertuples(index=False)]
    lines = [
        "% needs \\usepackage{booktabs, longtable}",
        rf"\begin{{longtable}}{{{columns}}}",
        rf"\caption{{{escape_latex(caption)}}}\\",
        rf"\toprule {head} \\ \midrule \endhead",
        *(rf"{line} \\" for line in body),
        r"\bottomrule",
        r"\end{longtable}",
    ]
    return "\n".join(lines) + "\n"


def escape_latex(text: object) -> str:
    r"""Return the text with every character that LaTeX would act on written out.

    Examples
    --------
    >>> escape_latex("a_b & 5 %")
    'a\\_b \\& 5 \\%'
    """
    return "".join(_LATEX.get(c, c) for c in str(text))
