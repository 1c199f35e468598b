"""Markdown and LaTeX act on nothing in a name."""

import re

import pytest

from pipeline.results.text.markup import escape_latex, escape_markdown

EVIL = [
    "a|b",
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "[a [nested] text](https://evil.example)",
    "![a[b]][ref]",
    r"[a\](https://evil.example)",
    "`code`",
    "*bold*",
    "two\nlines",
    r"back\slash",
    r"\input{/etc/passwd}",
    "50 % & $x_1$ #1 ~ ^ {a}",
    "&lt;",
]


@pytest.mark.parametrize("text", EVIL)
def test_markdown_acts_on_nothing_in_a_name(text: str) -> None:
    escaped = escape_markdown(text)
    assert "<" not in escaped
    assert not re.search(r"(?<!\\)[`*|]", escaped)
    # An even number of backslashes before it leaves a bracket what it is.
    assert not re.search(r"(?<!\\)(?:\\\\)*\][(\[:]", escaped)
    assert "\n" not in escaped


@pytest.mark.parametrize("text", EVIL)
def test_latex_acts_on_nothing_in_a_name(text: str) -> None:
    escaped = escape_latex(text)
    plain = re.sub(r"\\(textbackslash|textasciitilde|textasciicircum|textless|textgreater)\{\}",
                   "", escaped)  # fmt: skip
    plain = re.sub(r"\\[&%$#_{}]", "", plain)
    # A leading bracket or star stands in braces of its own.
    if escaped.startswith("{"):
        plain = plain.removeprefix("{").removesuffix("}")
    assert not re.search(r"[\\&%$#_{}~^<>]", plain)


def test_latex_has_a_command_for_every_sign_that_the_tables_use() -> None:
    assert escape_latex("≈×1.2 ± 0.1 −3 – → †").isascii()
