"""CSV, Markdown and LaTeX: whatever a name holds stays text."""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest

from pipeline.results.tables.shown import to_csv, to_latex, to_markdown

EVIL = [
    "a|b",
    "<script>alert(1)</script>",
    "`code`",
    "two\nlines",
    r"\input{/etc/passwd}",
    "50 % & $x_1$ #1 ~ ^ {a}",
    "None",
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


def test_a_latex_row_cannot_become_the_option_of_the_line_before() -> None:
    text = to_latex(pd.DataFrame({"ci": ["[1, 2]", "* x"]}), caption="c")
    assert "{[1, 2]} \\\\" in text
    assert "{* x} \\\\" in text


def test_a_latex_table_closes_what_it_opens(table: pd.DataFrame) -> None:
    text = to_latex(table, caption="5 % of $", numeric=("n",))
    assert text.count(r"\begin{longtable}{lr}") == text.count(r"\end{longtable}") == 1
    # Once: not again at the head of every page.
    assert text.count(r"\caption{5 \% of \$}") == text.count(r"\caption") == 1
    assert text.count(r"\begin{landscape}") == text.count(r"\end{landscape}") == 1
    assert len(re.findall(r"(?<!\\)&", text)) == len(EVIL) + 2
    assert r"\textbackslash{}input\{/etc/passwd\}" in text


def test_a_small_p_is_not_written_as_zero() -> None:
    text = to_csv(pd.DataFrame({"p": [1.23456e-9, np.nan], "effect_pp": [1e-17, 0.12345678]}))
    assert text == "p,effect_pp\n1.235e-09,0.0\n,0.123457\n"


def test_csv_gives_back_what_it_was_given(table: pd.DataFrame) -> None:
    numbered = table.assign(x=np.arange(len(table)) / 3, empty=np.nan)
    rows = list(csv.reader(io.StringIO(to_csv(numbered))))
    assert [row[0] for row in rows[1:]] == EVIL
    assert rows[2][2:] == ["0.333333", ""]
    assert "\r" not in to_csv(numbered)


FORMULAS = [
    "=HYPERLINK(1)",
    "@SUM(1)",
    "+cmd|' /C calc'!A0",
    "-x",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "+1*HYPERLINK(1)",
    "+0.41 [+0.37, +0.44]+cmd|' /C calc'!A0",
    " =1+1",
    "＝1+1",
]
PLAIN = ["sgd", "-3", "+0.41", "+0.41 [+0.37, +0.44]", "+0.41 ± 0.04 pp", "−0.4 [−0.5, −0.3] °"]


def test_a_name_that_begins_a_formula_is_none_in_a_spreadsheet() -> None:
    text = to_csv(pd.DataFrame({"=1+1": FORMULAS + PLAIN, "difference": -0.5}))
    head, *shown = [row[0] for row in csv.reader(io.StringIO(text))]
    assert head == "'=1+1"
    assert shown == [f"'{name}" for name in FORMULAS] + PLAIN
    assert text.splitlines()[1].endswith(",-0.5")
