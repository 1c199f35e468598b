"""Text that stays text: escaped for Markdown, LaTeX and spreadsheets."""

from __future__ import annotations

import re

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
_FORMULA = re.compile(r"[=@\t\r]|[+-](?!\s*[\d.])")


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


def escape_latex(text: object) -> str:
    r"""Return the text with every character that LaTeX would act on written out.

    A text that begins with a bracket or star is put in braces: after the end of a table's row it
    would be read as an option of the line break.

    Examples
    --------
    >>> escape_latex("a_b & 5 %"), escape_latex("[1, 2]")
    ('a\\_b \\& 5 \\%', '{[1, 2]}')
    """
    escaped = "".join(_LATEX.get(c, c) for c in " ".join(str(text).split()))
    return f"{{{escaped}}}" if escaped[:1] in ("[", "*") else escaped


def plain_cell(value: object) -> object:
    """Return a CSV field that no spreadsheet takes for a formula; other values unchanged.

    Examples
    --------
    >>> plain_cell("=1+1"), plain_cell("+0.41 [+0.37, +0.44]"), plain_cell("sgd"), plain_cell(-3.0)
    ("'=1+1", '+0.41 [+0.37, +0.44]', 'sgd', -3.0)

    References
    ----------
    OWASP, "CSV Injection".
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
