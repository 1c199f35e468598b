"""Inside the room each arrow runs down: no file or folder reaches back to one that imports it."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAME = "pipeline.results"


def children(folder: Path, package: str) -> dict[str, set[str]]:
    """Return which children of a folder (files and folders) import which others."""
    graph: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        own = path.relative_to(folder).parts[0].removesuffix(".py")
        imported = graph.setdefault(own, set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package):
                rest = (node.module or "").removeprefix(package).strip(".")
                names = [rest.split(".")[0]] if rest else [alias.name for alias in node.names]
                imported |= {name for name in names if name != own}
    return graph


@pytest.mark.parametrize("below", ["", "text", "tables", "figures", "report"])
def test_no_child_imports_one_that_imports_it(below: str) -> None:
    package = ".".join(filter(None, [NAME, below]))
    graph = children(ROOT / Path(*package.split(".")), package)
    assert len(graph) > 2
    # Raises CycleError, which names the cycle.
    assert list(TopologicalSorter(graph).static_order())


def test_what_lies_below_does_not_know_the_results() -> None:
    for room in ("study", "champion", "tracking"):
        for path in (ROOT / "pipeline" / room).rglob("*.py"):
            assert NAME not in path.read_text(encoding="utf-8"), path
