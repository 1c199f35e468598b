"""What docs/reliability.md promises names tests that there are."""

import re

from tests.docs.blocks import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
# `fault/test_world.py` (every language, damaged): the words stand in the names of its tests.
NAMED = re.findall(r"`([\w/]+\.py)`(?: \(([^)]+)\))?", PAGE.partition("## Which test proves")[2])


def test_every_test_that_the_page_names_exists() -> None:
    assert len(NAMED) > 50
    for path, words in NAMED:
        source = (ROOT / "tests" / path).read_text("utf-8")
        tests = re.findall(r"(?:def|class) (test\w*)", source, re.IGNORECASE)
        assert tests, path
        for word in filter(None, words.split(", ")):
            name = re.sub(r"\W+", "_", word.strip("`"))
            assert any(name.lower() in test.lower() for test in tests), (path, word)


def test_every_file_of_the_fault_suite_is_named() -> None:
    files = {f"fault/{path.name}" for path in (ROOT / "tests/fault").glob("test_*.py")}
    assert files <= set(re.findall(r"fault/test_\w+\.py", PAGE))
