"""The words of the glossary in CONTRIBUTING.md are used, and those that it replaces are not."""

import re

import pytest

from tests.docs.blocks import ROOT

GLOSSARY = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Words")[2]
REPLACED = {
    word.strip()
    for line in re.findall(r"^\| .*\|$", GLOSSARY, re.MULTILINE)[1:]
    for word in line.strip("|").split("|")[2].split(",")
}
# Of single words many have another meaning, too: a mirror is where data come from.
PHRASES = [
    *sorted(word for word in REPLACED if " " in word and word != "go on"),
    "goes? on (?:to|with|from|where|while)",
    "(?:tuned|timed|measured) apart",
]
# Beside what runs rest on, which changes with the next training.
TEXTS = [
    *(ROOT / "README.md", *(ROOT / "docs").rglob("*.md")),
    *(path for end in ("py", "j2") for path in (ROOT / "pipeline").rglob(f"*.{end}")),
    *(ROOT / "data_loaders").rglob("*.py"),
]  # fmt: skip


def test_the_glossary_is_read() -> None:
    assert {"cannot be had", "in turns", "at rest", "apart", "go on"} <= REPLACED
    assert len(TEXTS) > 150


@pytest.mark.parametrize("phrase", PHRASES)
def test_no_text_says_what_the_glossary_replaces(phrase: str) -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in TEXTS
        if re.search(rf"\b{phrase}\b", re.sub(r"[\s\"]+", " ", path.read_text("utf-8")))
    ]
    assert found == []
