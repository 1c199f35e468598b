"""An installed wheel brings everything that a study in an empty folder needs."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline.commands.init import SHARED, project_files
from tests.command_line import output

ROOT = Path(__file__).resolve().parents[2]
DROPPED = ("PYTHON", "MLFLOW")


def run(*command: str | Path, cwd: Path, code: int = 0, **environment: str) -> str:
    """Run a command as in a shell of its own, and return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
    return output(*command, cwd=cwd, env={**kept, **environment}, code=code)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (path,) = folder.glob("*.whl")
    return path


def test_a_new_project_has_the_files_of_this_repository(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name, source in project_files().items():
            packed = archive.read(f"pipeline/commands/new_project/{name}")
            assert packed == source.read_bytes(), name
        names = set(archive.namelist())
    assert {f"pipeline/commands/new_project/{name}" for name in SHARED} <= names
    for path in (ROOT / "pipeline").rglob("*"):
        if path.suffix in {".css", ".js", ".j2", ".svg", ".yaml"}:
            assert path.relative_to(ROOT).as_posix() in names


def test_the_installed_command_lays_out_and_plans_a_study(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, "--target", site, wheel, cwd=tmp_path)
    knockout = site / "bin" / "knockout"
    here = {"PYTHONPATH": str(site)}
    run(knockout, "init", "my-study", cwd=tmp_path, **here)
    project = tmp_path / "my-study"
    # A folder named like one of the packages must not shadow it.
    (project / "experiments").mkdir()
    (project / "experiments" / "__init__.py").write_text("", encoding="utf-8")
    planned = run(knockout, "plan", "--no-calibrate", cwd=project, **here)
    assert "digits" in planned
    again = run(knockout, "init", "my-study", cwd=tmp_path, code=2, **here)
    assert again.startswith("knockout: ") and again.count("\n") == 1 and "exists" in again


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_clean_environment_runs_a_study_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    project = tmp_path / "my-study"
    project.mkdir()
    run(sys.executable, "-m", "venv", ".venv", cwd=project)
    run(".venv/bin/pip", "install", "--quiet", wheel, cwd=project)
    run(".venv/bin/knockout", "init", ".", cwd=project)
    params = project / "params.yaml"
    text = params.read_text(encoding="utf-8")
    text = text.replace("replicates: 5", "replicates: 2").replace("epochs: 20", "epochs: 2")
    text = text.replace("processes: 5", "processes: 0").replace("trials: 7", "trials: 2")
    params.write_text(text, encoding="utf-8")
    plain = {"PATH": "/usr/bin:/bin"}
    assert "is valid" in run(".venv/bin/knockout", "check", cwd=project, **plain)
    # DVC starts `knockout` by name: it must find it where no environment is active.
    run(".venv/bin/dvc", "repro", cwd=project, **plain)
    assert (project / "reports/index.html").stat().st_size > 10_000
    assert "Signum" in (project / "results/comparison.md").read_text(encoding="utf-8")
    assert "didn't change" in run(".venv/bin/dvc", "repro", cwd=project, **plain)
    run(".venv/bin/knockout", "run", cwd=project, **plain)
