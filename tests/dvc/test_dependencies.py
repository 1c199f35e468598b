"""dvc.yaml: each stage depends on all source that it imports, and on no other."""

import ast
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("nn", "data_loaders", "experiments", "pipeline")
# The stage of dvc.yaml whose module bears another name.
MODULES = {"track": "sync"}
# What `knockout run` does, stage by stage.
WHOLE = ("data", "tune", "train", "champion", "time", "sync", "report")


def file_of(module):
    """Return the file of a module of this project, or None."""
    path = ROOT.joinpath(*module.split("."))
    if path.with_suffix(".py").is_file():
        return path.with_suffix(".py")
    return path / "__init__.py" if (path / "__init__.py").is_file() else None


@cache
def imports(path):
    """Return the modules that a file imports, wherever it does, but not for type checkers alone."""
    tree = ast.parse(path.read_text())
    typing = [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECK" in ast.dump(n)]
    skipped = {id(node) for block in typing for node in ast.walk(block)}
    found = set()
    for node in (node for node in ast.walk(tree) if id(node) not in skipped):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def closure(module):
    """Return the files that importing a module may execute, those without code left out."""
    seen, waiting = set(), [module]
    while waiting:
        parts = waiting.pop().split(".")
        for end in range(1, len(parts) + 1):
            path = file_of(".".join(parts[:end])) if parts[0] in PACKAGES else None
            if path is not None and path not in seen:
                seen.add(path)
                waiting.extend(imports(path))
    return {path for path in seen if len(ast.parse(path.read_text()).body) > 1}


def stages(file):
    return YAML(typ="safe", pure=True).load(ROOT / file)["stages"]


def code_of(stage):
    found = [entry for entry in stage.get("deps", []) if entry.split("/")[0] in PACKAGES]
    return {ROOT / entry for entry in found if entry.endswith(".py") or (ROOT / entry).is_dir()}


def check(listed, needed):
    lacking = {p for p in needed if not any(p == d or d in p.parents for d in listed)}
    idle = {d for d in listed if not any(p == d or d in p.parents for p in needed)}
    assert not lacking, sorted(str(p.relative_to(ROOT)) for p in lacking)
    assert not idle, sorted(str(p.relative_to(ROOT)) for p in idle)


@pytest.mark.parametrize("name", sorted(stages("dvc.yaml")))
def test_a_stage_depends_on_what_its_module_imports(name):
    stage = stages("dvc.yaml")[name]
    if stage.get("always_changed"):
        assert not stage.get("deps")
        return
    check(code_of(stage), closure(f"pipeline.stages.{MODULES.get(name, name)}"))


def test_a_declared_study_depends_on_what_all_stages_import():
    needed = set().union(*(closure(f"pipeline.stages.{name}") for name in WHOLE))
    check(code_of(stages("experiments/studies/dvc.yaml")["study"]), needed)


def test_every_declared_study_has_its_stage():
    declared = {path.stem for path in (ROOT / "experiments/studies").glob("*.yaml")} - {"dvc"}
    assert set(stages("experiments/studies/dvc.yaml")["study"]["matrix"]["study"]) == declared


@pytest.mark.parametrize("name", sorted(stages("dvc.yaml")))
def test_no_stage_names_a_dataset(name):
    stage = stages("dvc.yaml")[name]
    assert stage.get("matrix") in (None, {"dataset": "${study.datasets}"})
    named = [*stage.get("deps", []), *map(str, stage.get("outs", []))]
    assert not [entry for entry in named if "mnist" in entry or "digits" in entry]
