"""The house has one direction: packages, and the folders and files inside each of them."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAY_IMPORT = {
    "nn": {"nn"},
    "data_loaders": {"data_loaders"},
    "experiments": {"nn", "data_loaders", "experiments"},
    "pipeline": {"nn", "data_loaders", "experiments", "pipeline"},
}
PIPELINE_ONLY = {"mlflow", "dvc", "matplotlib", "distributed", "dask"}
FILES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))
FOLDERS = sorted({path.parent.relative_to(ROOT).as_posix() for path in FILES})
# A recipe calls the functions that build and train what it describes; they name its type. At run
# time the arrows run one way.
NAMED = {
    "experiments/network": {("network_recipe", "train_network"), ("network_recipe", "parts"),
                            ("parts", "network_recipe")},
}  # fmt: skip
# The same word for the same thing on two floors: each package's errors, a constant schedule and a
# constant initializer, a component as `nn` has it and as a recipe names it, a run's task and the
# same for a worker.
SHARED = {"component", "constant", "errors", "task"}
# Where every package names all that it holds, in the order in which it is read. In `nn` what comes
# first is named; everything else is one more of a kind.
ORDERED = ("data_loaders", "experiments/design", "experiments/response", "pipeline")
FIRST = ["nn", *(name for name in FOLDERS if re.match("experiments(?!/(design|response))", name))]


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


MODULES = {module_of(path) for path in FILES}


@cache
def imported(path):
    """Return every dotted name that a file imports, wherever it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} has a relative import"
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def targets(path):
    """Return the modules of this project that a file imports."""
    names = imported(path)
    return {m for name in names for m in (name, f"{name}.__init__") if m in MODULES}


def packages(path):
    return {name.split(".")[0] for name in imported(path)}


def children(folder):
    """Return an edge between two children of a folder wherever one imports from the other.

    The folder's own `__init__` hands names on and is no child.
    """
    prefix = folder.replace("/", ".") + "."
    edges = set()
    for path in (ROOT / folder).rglob("*.py"):
        source = module_of(path).removeprefix(prefix).split(".")[0]
        for target in targets(path):
            if target.startswith(prefix):
                edges.add((source, target.removeprefix(prefix).split(".")[0]))
    return {(a, b) for a, b in edges if a != b and "__init__" not in (a, b)}


def in_cycles(edges):
    """Return the edges that lie on a cycle."""
    after = {}
    for a, b in edges:
        after.setdefault(a, set()).add(b)

    def reached(start):
        seen, waiting = set(), [start]
        while waiting:
            for node in after.get(waiting.pop(), ()):
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
        return seen

    return {(a, b) for a, b in edges if a in reached(b)}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_import_points_back(package):
    for path in (ROOT / package).rglob("*.py"):
        own = packages(path) & set(MAY_IMPORT)
        assert own <= MAY_IMPORT[package], f"{path} imports {own - MAY_IMPORT[package]}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_two_children_of_a_folder_import_each_other(folder):
    assert not in_cycles(children(folder) - NAMED.get(folder, set()))


def test_a_cycle_would_be_seen():
    edges = {("stages", "study"), ("study", "store"), ("store", "stages"), ("cli", "stages")}
    assert in_cycles(edges) == edges - {("cli", "stages")}
    assert not in_cycles(edges - {("store", "stages")})
    assert ("stages", "study") in children("pipeline")


def test_no_two_files_share_a_name():
    counted = Counter(path.stem for path in FILES if path.stem != "__init__")
    assert {name for name, n in counted.items() if n > 1} <= SHARED


def named_and_held(folder):
    """Return what the docstring of a package names, and the files and packages in it."""
    package = ROOT / folder / "__init__.py"
    text = ast.get_docstring(ast.parse(package.read_text(encoding="utf-8"))) or ""
    held = {p.stem for p in (ROOT / folder).glob("*.py")} | {
        p.parent.name for p in (ROOT / folder).glob("*/__init__.py")
    }
    # `layers.dense` is a file of a package inside.
    return {name.split(".")[0] for name in re.findall(r"`([\w.]+)`", text)}, held - {"__init__"}


@pytest.mark.parametrize(
    "folder", [name for name in FOLDERS if name.startswith(ORDERED) and "my_lab" not in name]
)
def test_every_folder_names_all_that_it_holds(folder):
    named, held = named_and_held(folder)
    assert held <= named


@pytest.mark.parametrize("folder", FIRST)
def test_a_package_of_many_of_a_kind_says_what_to_read_first(folder):
    named, held = named_and_held(folder)
    assert len(named & held) >= min(3, len(held))


@pytest.mark.parametrize("package", ["nn", "data_loaders", "experiments"])
def test_the_edges_are_known_to_pipeline_alone(package):
    for path in (ROOT / package).rglob("*.py"):
        assert not packages(path) & PIPELINE_ONLY, path


def test_nn_stands_on_numpy_alone():
    import sys

    allowed = {"numpy", "nn", *sys.stdlib_module_names}
    for path in (ROOT / "nn").rglob("*.py"):
        extra = packages(path) - allowed
        assert extra <= ({"sklearn"} if path.name == "estimator.py" else set()), path
