"""Stage `sync`: whatever MLflow does, one line; the next sync mirrors the whole study."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from experiments.errors import StudyError
from pipeline.doctor.mlflow_checks import check_tracking
from pipeline.stages import champion_stage, data_stage, sync_stage, train_stage
from pipeline.study.project import Project, open_project

PARAMS = """
study:
  datasets: [digits]
  replicates: 2
  factors: {dropout: [0, 0.2]}
  recipe: {hidden: [8], batch_size: 128, epochs: 1, learning_rate: 0.1}
run: {executor: in-process}
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("trained")
    (root / "params.yaml").write_text(PARAMS, encoding="utf-8")
    for stage in (data_stage, train_stage, champion_stage):
        stage.run(open_project(root), "digits")
    return root


@pytest.fixture
def project(trained, tmp_path, tracked) -> Project:
    shutil.copytree(trained, tmp_path / "project")
    tracked(tmp_path / "project")
    return open_project(tmp_path / "project")


def the_line(project: Project, capsys: pytest.CaptureFixture[str]) -> str:
    """What a sync that fails says on standard error."""
    capsys.readouterr()
    assert sync_stage.run(project) is False
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("MLflow tracking: ")
    return line


def assert_complete(project: Project) -> None:
    assert sync_stage.run(project) is True
    assert {finding.level for finding in check_tracking(project)} == {"good"}


def test_a_server_that_is_down_costs_one_line(project, monkeypatch, capsys):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ann:secret@127.0.0.1:9")
    assert the_line(project, capsys) == (
        "MLflow tracking: http://127.0.0.1:9 does not answer. Nothing is lost: `knockout sync` "
        "tries again."
    )
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert_complete(project)


def test_a_database_of_an_older_mlflow_costs_one_line(project, capsys):
    path = project.root / "mlflow.db"
    with closing(sqlite3.connect(path)) as database, database:
        ((newest,),) = database.execute("select version_num from alembic_version")
        database.execute("update alembic_version set version_num = '0a1b2c3d'")
    line = the_line(project, capsys)
    assert "run `mlflow db upgrade` on it. Nothing is lost: `knockout sync` tries again." in line
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("update alembic_version set version_num = ?", (newest,))
    assert_complete(project)


def test_an_address_that_keeps_no_runs_is_refused_without_the_promise_of_another_try(
    project, monkeypatch, capsys
):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "./mlruns")
    line = the_line(project, capsys)
    assert "got ./mlruns" in line and "Nothing is lost" not in line


def test_a_damaged_champion_is_the_studys_own_fault(project):
    card = project.results("digits") / "champion" / "champion.json"
    card.write_text(card.read_text(encoding="utf-8").replace("digits", "mnist"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"champion\.json"):
        sync_stage.run(project)
