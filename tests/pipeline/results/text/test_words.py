"""Words that agree, and a glossary that the page can use."""

import pytest

from pipeline.results.text.glossary import GLOSSARY
from pipeline.results.text.words import capitalized, counted, listed


def test_lists_and_counts_read_as_sentences() -> None:
    assert listed([]) == ""
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert [counted(n, "run") for n in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]
    assert capitalized("none was left.") == "None was left."


@pytest.mark.parametrize("term", ["Holm", "d_z", "Shapley", "A/A", "margin", "placebo"])
def test_what_a_tutorials_reader_does_not_know_is_explained(term: str) -> None:
    assert GLOSSARY[term].endswith(".")
    assert len(GLOSSARY[term]) < 240
