"""CSV, Markdown and LaTeX: whatever a name holds stays text."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest

from pipeline.results.tables.layout import (
    escape_latex,
    escape_markdown,
    to_csv,
    to_latex,
    to_markdown,
)

EVIL = [
    "a|b",
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "`code`",
    "*bold*",
    "two\nlines",
    r"back\slash",
    r"\input{/etc/passwd}",
    "50 % & $x_1$ #1 ~ ^ {a}",
    "&lt;",
]


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame({"name": EVIL, "n": "5"})


def test_every_row_of_a_markdown_table_has_its_columns(table: pd.DataFrame) -> None:
    lines = to_markdown(table, numeric=("n",)).splitlines()
    assert lines[1] == "| --- | --: |"
    assert len(lines) == 2 + len(EVIL)
    for line in lines:
        assert len(re.findall(r"(?<!\\)\|", line)) == 3


@pytest.mark.parametrize("text", EVIL)
def test_markdown_acts_on_nothing_in_a_name(text: str) -> None:
    escaped = escape_markdown(text)
    assert "<" not in escaped
    assert not re.search(r"(?<!\\)[`*|]", escaped)
    assert not re.search(r"(?<!\\)\]\(", escaped)
    assert "\n" not in escaped


@pytest.mark.parametrize("text", EVIL)
def test_latex_acts_on_nothing_in_a_name(text: str) -> None:
    escaped = escape_latex(text)
    plain = re.sub(r"\\(textbackslash|textasciitilde|textasciicircum|textless|textgreater)\{\}",
                   "", escaped)  # fmt: skip
    plain = re.sub(r"\\[&%$#_{}]", "", plain)
    assert not re.search(r"[\\&%$#_{}~^<>]", plain)


def test_a_latex_row_cannot_become_the_option_of_the_line_before() -> None:
    text = to_latex(pd.DataFrame({"ci": ["[1, 2]", "* x"]}), caption="c")
    assert "{[1, 2]} \\\\" in text
    assert "{* x} \\\\" in text


def test_a_latex_table_closes_what_it_opens(table: pd.DataFrame) -> None:
    text = to_latex(table, caption="5 % of $", numeric=("n",))
    assert text.count(r"\begin{longtable}{lr}") == text.count(r"\end{longtable}") == 1
    assert r"\caption{5 \% of \$}" in text
    assert text.count(" & ") == len(EVIL) + 1
    assert text.count(r"\begin{landscape}") == text.count(r"\end{landscape}") == 1


def test_latex_has_a_command_for_every_sign_that_the_tables_use() -> None:
    assert escape_latex("≈×1.2 ± 0.1 −3 – →").isascii()


def test_a_small_p_is_not_written_as_zero() -> None:
    text = to_csv(pd.DataFrame({"p": [1.23456e-9, np.nan], "effect_pp": [1e-17, 0.12345678]}))
    assert text == "p,effect_pp\n1.235e-09,0.0\n,0.123457\n"


def test_csv_gives_back_what_it_was_given(table: pd.DataFrame) -> None:
    numbered = table.assign(x=np.arange(len(table)) / 3, empty=np.nan)
    rows = list(csv.reader(io.StringIO(to_csv(numbered))))
    assert [row[0] for row in rows[1:]] == EVIL
    assert rows[2][2:] == ["0.333333", ""]
    assert "\r" not in to_csv(numbered).replace("two\r\nlines", "")
