"""The house has one direction: nn and data_loaders, experiments, pipeline."""

import ast
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


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} has a relative import"
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_no_import_points_back(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        own = imported(path) & set(MAY_IMPORT)
        assert own <= MAY_IMPORT[package], f"{path} imports {own - MAY_IMPORT[package]}"


@pytest.mark.parametrize("package", ["nn", "data_loaders", "experiments"])
def test_the_edges_are_known_to_pipeline_alone(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        assert not imported(path) & PIPELINE_ONLY, path


def test_nn_stands_on_numpy_alone() -> None:
    import sys

    allowed = {"numpy", "nn", *sys.stdlib_module_names}
    for path in (ROOT / "nn").rglob("*.py"):
        extra = imported(path) - allowed
        assert extra <= ({"sklearn"} if path.name == "estimator.py" else set()), path
