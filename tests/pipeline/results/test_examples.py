"""The examples of the docstrings hold."""

import doctest
import importlib

import pytest

MODULES = [
    *(f"text.{name}" for name in ("markup", "measure", "rounding", "titles", "words")),
    *("tables.shown", "figures.sheets"),
]


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_the_docstrings_hold(module):
    results = doctest.testmod(importlib.import_module(f"pipeline.results.{module}"))
    assert results.attempted > 0
    assert results.failed == 0
