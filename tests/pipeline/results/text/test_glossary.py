"""The glossary that the page uses."""

import pytest

from pipeline.results.text.glossary import GLOSSARY


@pytest.mark.parametrize("term", ["Holm", "d_z", "Shapley", "A/A", "margin", "placebo"])
def test_what_a_tutorials_reader_does_not_know_is_explained(term: str) -> None:
    assert GLOSSARY[term].endswith(".")
    assert len(GLOSSARY[term]) < 240
