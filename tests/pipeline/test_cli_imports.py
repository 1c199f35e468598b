"""The command line answers at once: what a command needs is imported when it runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.study.dataset_card import DatasetCard, write_card
from pipeline.study.project import Project, open_project

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"pandas", "pyarrow", "scipy", "sklearn", "matplotlib", "mlflow", "dvc"}
STUDY = "study: {datasets: [digits], factors: {dropout: {off: 0, on: 0.2}}}"


def imported(code: str, folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    # Before the names, what a command says.
    names = done.stdout.splitlines()[-1].split()
    return {part for name in names for part in (name, name.split(".")[0])}


def test_help_imports_neither_numpy_nor_anything_heavy(tmp_path: Path) -> None:
    names = imported("import pipeline.cli", tmp_path)
    assert not names & {*HEAVY, "numpy", "pydantic", "ruamel"}


def test_a_study_of_built_in_data_is_checked_without_what_reads_or_judges(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(STUDY, encoding="utf-8")
    names = imported(
        "from pipeline.cli import app; app(['check'], standalone_mode=False)", tmp_path
    )
    assert {"numpy", "pydantic"} <= names
    # Nor what plans, trains or locks.
    assert not names & {*HEAVY, "filelock", "psutil", "tqdm"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A study of a dataset that is known and of which nothing was trained."""
    (tmp_path / "params.yaml").write_text(STUDY, encoding="utf-8")
    project = open_project(tmp_path)
    card = DatasetCard("digits", True, True, "ab" * 32, 1797, 0, (8, 8), tuple("0123456789"))
    write_card(card, project.results("digits") / "dataset.json")
    return project


def test_the_status_is_said_without_what_reads_or_judges(project: Project) -> None:
    names = imported(
        "from pipeline.cli import app; app(['status'], standalone_mode=False)", project.root
    )
    assert "experiments.design.plan" in names
    assert not names & {*HEAVY, "filelock"}


def test_what_a_study_can_see_is_computed_with_special_functions_alone(project: Project) -> None:
    names = imported(
        "from pipeline.study.project import open_project;"
        "from pipeline.study.planning.status import plan_lines;"
        "from pipeline.study.planning.design_lines import outlook_lines;"
        "print(*outlook_lines(open_project().study))",
        project.root,
    )
    assert "scipy.special" in names
    assert not names & {*HEAVY - {"scipy"}, "scipy.optimize", "scipy.stats", "experiments.analysis"}
