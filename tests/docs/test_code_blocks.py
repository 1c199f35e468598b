"""Every Python block runs, every YAML block is a study or a part of one, in README and the docs."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pipeline.commands.init import TEMPLATE
from pipeline.study.project import open_project
from tests.docs.blocks import PAGES, Block, blocks

LANGUAGES = {"console", "dockerfile", "python", "sh", "text", "yaml"}
SECTIONS = {"data", "run", "time"}
# What a part of a study lacks to be one.
REST = {"datasets": "  datasets: [digits]\n", "factors": "  factors: {optimizer: [sgd, adam]}\n"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder with the files of a new project, as the working directory."""
    shutil.copytree(TEMPLATE / "my_lab", tmp_path / "my_lab")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.split(".")[0] == "my_lab":
            del sys.modules[name]


def lay_out(page: Path, project: Path) -> None:
    """Write each block that is a file of the project."""
    for block in blocks(page):
        if block.title:
            path = project / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")


def foreign(source: str) -> set[str]:
    """Return the modules that a block imports and that are not installed here."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name for name in names if importlib.util.find_spec(name.split(".")[0]) is None}


def as_project(block: Block) -> str:
    """Return the block as a whole params.yaml."""
    keys = set(YAML(typ="safe", pure=True).load(block.text))
    if "study" in keys:
        return block.text
    if keys <= SECTIONS:
        return f"study:\n{''.join(REST.values())}{block.text}"
    rest = "".join(line for key, line in REST.items() if key not in keys)
    return f"study:\n{rest}{textwrap.indent(block.text, '  ')}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_names_a_language_that_is_tested(page: Path) -> None:
    assert {block.language for block in blocks(page)} <= LANGUAGES


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda p: p.name)
def test_every_python_block_runs(page: Path, project: Path) -> None:
    lay_out(page, project)
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks(page, "python"):
        code = compile(block.text, str(block), "exec")
        # What needs a cluster's packages says in the page that it was not run.
        if not foreign(block.text):
            exec(code, names)


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "yaml")], ids=lambda p: p.name)
def test_every_yaml_block_is_valid(page: Path, project: Path) -> None:
    lay_out(page, project)
    for block in blocks(page, "yaml"):
        (project / "params.yaml").write_text(as_project(block), encoding="utf-8")
        open_project(project)
