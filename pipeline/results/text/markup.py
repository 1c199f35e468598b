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
# Whatever a spreadsheet computes, wide letters of East Asian keyboards included.
_FORMULA = re.compile(r"\s*[=@+\-\uff1d\uff20\uff0b\uff0d]|[\t\r\n]")
# What begins with a sign and is none: a number, with its interval, unit and marks.
_NUMBER = r"[+\-\u2212]?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_RESULT = re.compile(
    rf"{_NUMBER}(?: ± {_NUMBER})?(?: \[{_NUMBER}, {_NUMBER}\])?(?: %| [a-zA-Z]+)?(?: [°†])*"
)


def escape_markdown(text: object) -> str:
    r"""Return the text on one line with every character that Markdown would act on escaped.

    Examples
    --------
    >>> escape_markdown("a|b *c* [d](e)")
    'a\\|b \\*c\\* [d\\](e)'
    >>> escape_markdown("<script> _a_")
    '&lt;script> \\_a\\_'
    >>> escape_markdown("batch_size +0.41 [+0.37, +0.44]")
    'batch_size +0.41 [+0.37, +0.44]'
    """
    flat = " ".join(str(text).split())
    # An underscore inside a word is plain, and so is a bracket that ends no link's text.
    escaped = re.sub(r"[\\`*|]|(?<![^\W_])_|_(?![^\W_])", r"\\\g<0>", flat)
    escaped = re.sub(r"\](?=[(\[:])", r"\\]", escaped)
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
    >>> plain_cell("=1+1"), plain_cell("+1+cmd"), plain_cell("sgd"), plain_cell(-3.0)
    ("'=1+1", "'+1+cmd", 'sgd', -3.0)
    >>> plain_cell("+0.41 [+0.37, +0.44]")
    '+0.41 [+0.37, +0.44]'

    References
    ----------
    OWASP, "CSV Injection".
    """
    if not isinstance(value, str) or not _FORMULA.match(value) or _RESULT.fullmatch(value):
        return value
    return f"'{value}"
