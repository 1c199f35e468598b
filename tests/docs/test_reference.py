"""The generated reference is complete, and the navigation has every page."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from ruamel.yaml import YAML

from experiments.design.study import _KNOWN
from tests.docs.blocks import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_pages", DOCS / "reference_pages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_every_generated_part_is_filled_in(reference: ModuleType, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    filled = reference.on_page_markdown(text)
    assert not re.search(r"<!-- (fields|commands|tables)", filled)


def test_every_key_of_the_study_is_explained(reference: ModuleType) -> None:
    page = reference.on_page_markdown((DOCS / "reference/params.md").read_text(encoding="utf-8"))
    explained = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert set(_KNOWN) <= explained


def test_a_field_without_a_meaning_is_refused(reference: ModuleType) -> None:
    from experiments.design.study import Study
    from experiments.design.tuning_settings import Tuning

    with pytest.raises(ValueError, match="needs a meaning"):
        list(reference.field_rows(Study))
    with pytest.raises(ValueError, match="has no field trails"):
        list(reference.field_rows(Tuning, ["trails: Learning rates tried."]))


def pages(entry: object) -> list[str]:
    """Return the files of a part of the navigation."""
    if isinstance(entry, dict):
        entry = list(entry.values())
    return [page for part in entry for page in pages(part)] if isinstance(entry, list) else [
        str(entry)
    ]  # fmt: skip


def test_the_navigation_has_every_page_once() -> None:
    navigation = YAML(typ="safe", pure=True).load(ROOT / "mkdocs.yml")["nav"]
    written = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
    assert sorted(pages(navigation)) == written
