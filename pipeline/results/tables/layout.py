"""Tables as text: CSV, Markdown and LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
    "≈": r"$\approx$",
    "→": r"$\to$",
    "†": r"$\dagger$",
    "–": "--",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}


P_VALUES = (
    *("p", "p_adjusted", "p_equivalence", "p_equivalence_adjusted"),
    *("sign_flip_p", "smallest_p", "divergence_p"),
)


def to_csv(table: pd.DataFrame, *, places: int = 6) -> str:
    """Return a table as CSV, numbers with at most `places` decimals, no index.

    P-values keep four digits instead, so that a small one does not come out as zero.
    """
    buffer = StringIO()
    small = {c: table[c].map(lambda p: float(f"{p:.4g}")) for c in P_VALUES if c in table}
    table.round(places).assign(**small).to_csv(buffer, index=False, lineterminator="\n")
    return buffer.getvalue()


def to_markdown(table: pd.DataFrame, *, numeric: Sequence[str] = ()) -> str:
    """Return a table of strings in Markdown; columns in `numeric` are set right."""
    lines = [_markdown_line(table.columns)]
    lines.append(_markdown_line("--:" if c in numeric else "---" for c in table.columns))
    lines += [_markdown_line(row) for row in table.itertuples(index=False)]
    return "\n".join(lines) + "\n"


def _markdown_line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(escape_markdown(cell) for cell in cells)} |"


def escape_markdown(text: object) -> str:
    r"""Return the text on one line with every character that Markdown would act on escaped.

    Examples
    --------
    >>> escape_markdown("a|b *c* [d](e)")
    'a\\|b \\*c\\* \\[d\\](e)'
    >>> escape_markdown("<script> _a_")
    '&lt;script> \\_a\\_'
    >>> escape_markdown("batch_size +0.41 [+0.37, +0.44]")
    'batch_size +0.41 [+0.37, +0.44]'
    """
    flat = " ".join(str(text).split())
    # An underscore inside a word is plain, and so is a bracket that begins no link.
    escaped = re.sub(r"[\\`*|]|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", flat)
    escaped = re.sub(r"\[([^\[\]]*)\](?=[(\[:])", r"\[\1\]", escaped)
    return escaped.replace("&", "&amp;").replace("<", "&lt;")


def to_latex(table: pd.DataFrame, *, caption: str, numeric: Sequence[str] = ()) -> str:
    """Return a table of strings as a LaTeX longtable with booktabs rules, for a turned page."""
    columns = "".join("r" if c in numeric else "l" for c in table.columns)
    head = " & ".join(rf"\textbf{{{escape_latex(c)}}}" for c in table.columns)
    body = [" & ".join(_latex_cell(c) for c in row) for row in table.itertuples(index=False)]
    lines = [
        "% needs \\usepackage{booktabs, longtable, pdflscape}",
        r"\begin{landscape}\scriptsize\setlength{\tabcolsep}{3pt}",
        rf"\begin{{longtable}}{{{columns}}}",
        rf"\caption{{{escape_latex(caption)}}}\\",
        rf"\toprule {head} \\ \midrule \endhead",
        *(rf"{line} \\" for line in body),
        r"\bottomrule",
        r"\end{longtable}",
        r"\end{landscape}",
    ]
    return "\n".join(lines) + "\n"


def _latex_cell(text: object) -> str:
    # A row that begins with a bracket would be read as the option of the \\ before it.
    escaped = escape_latex(text)
    return f"{{{escaped}}}" if escaped[:1] in ("[", "*") else escaped


def escape_latex(text: object) -> str:
    r"""Return the text with every character that LaTeX would act on written out.

    Examples
    --------
    >>> escape_latex("a_b & 5 %")
    'a\\_b \\& 5 \\%'
    """
    return "".join(_LATEX.get(c, c) for c in " ".join(str(text).split()))
