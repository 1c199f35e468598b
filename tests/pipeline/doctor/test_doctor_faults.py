"""Each fault is produced for real, found, and mended by the command that the doctor names."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from data_loaders import cache
from pipeline.doctor.doctor import check_blas, check_dvc
from pipeline.doctor.mlflow_checks import check_tracking
from pipeline.doctor.store_checks import check_data, check_store
from pipeline.stages import champion_stage, data_stage, sync_stage, train_stage
from pipeline.study.project import Project, open_project

PARAMS = """
study:
  datasets: [digits]
  replicates: 2
  factors: {dropout: {off: 0, on: 0.2}}
  recipe: {hidden: [8], batch_size: 128, epochs: 1, learning_rate: 0.1}
  tune: {per: [dropout], trials: 1}
run: {executor: in-process}
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory, template_database) -> Path:
    """A small real study, trained and mirrored."""
    root = tmp_path_factory.mktemp("trained")
    shutil.copy(template_database, root / "mlflow.db")
    (root / "params.yaml").write_text(PARAMS)
    project = open_project(root)
    for stage in (data_stage, train_stage, champion_stage):
        stage.run(project, "digits")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        assert sync_stage.run(project)
    return root


@pytest.fixture
def project(trained, tmp_path, monkeypatch) -> Project:
    """A copy that a test may spoil; it was moved, so the mirror is made anew."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copytree(trained, tmp_path / "project")
    return open_project(tmp_path / "project")


def found(check, project):
    return [(f.level, f.what, f.remedy) for f in check(project)]


def levels(check, project):
    return {finding.level for finding in check(project)}


def test_a_healthy_study_has_nothing_to_mend(trained, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    own = open_project(trained)
    assert levels(check_store, own) == levels(check_tracking, own) == {"good"}
    assert levels(check_data, own) == {"good"}


def test_a_moved_project_is_mended_by_the_sync(project):
    sync_stage.run(project)
    assert levels(check_tracking, project) == {"good"}


def test_a_damaged_stored_run_is_found_and_trained_again(project):
    key = sync_stage.planned(project, "digits")[0].run_key
    path = project.store.path(key)
    path.write_bytes(path.read_bytes()[:-40])
    ((level, what, remedy), *_) = found(check_store, project)
    assert level == "fault" and key in what and remedy == "dvc repro -s -f train@digits"
    train_stage.run(project, "digits")
    assert levels(check_store, project) == {"good"}


def test_a_lost_stored_run_is_an_orphan_in_mlflow_until_it_is_trained_again(project):
    sync_stage.run(project)
    key = next(spec.run_key for spec in sync_stage.planned(project, "digits"))
    project.store.path(key).unlink()
    ((level, what, remedy),) = found(check_store, project)
    assert (level, remedy) == ("note", "dvc repro -s -f train@digits")
    assert "1 of 6 runs are in the tables alone" in what
    orphans = [what for level, what, _ in found(check_tracking, project) if "orphans" in what]
    assert len(orphans) == 1 and key in orphans[0]
    sync_stage.run(project)
    assert "fault" not in levels(check_tracking, project)


def test_a_deleted_database_is_noted_and_the_sync_rebuilds_it(project):
    for path in project.root.glob("mlflow.db*"):
        path.unlink()
    ((level, _, remedy),) = found(check_tracking, project)
    assert (level, remedy) == ("note", "knockout sync")
    sync_stage.run(project)
    assert levels(check_tracking, project) == {"good"}


def test_a_champion_that_is_not_registered_is_found(project):
    from pipeline.tracking.store.connection import connect

    sync_stage.run(project)
    name = "knockout-main-digits"
    client = connect(project.root).client
    client.delete_registered_model_alias(name, "champion")
    assert any("@champion is not" in what for _, what, _ in found(check_tracking, project))
    client.delete_registered_model(name)
    assert any("is not registered" in what for _, what, _ in found(check_tracking, project))
    sync_stage.run(project)
    assert levels(check_tracking, project) == {"good"}


def test_data_are_absent_then_good_then_damaged_then_fetched(project, tmp_path, monkeypatch):
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(tmp_path / "cache"))
    assert found(check_data, project)[0][::2] == ("note", "knockout stage data digits")
    data_stage.run(project, "digits")
    assert levels(check_data, project) == {"good"}
    (images,) = (tmp_path / "cache").rglob("images.npy")
    content = bytearray(images.read_bytes())
    content[-1] ^= 1
    images.chmod(0o644)
    images.write_bytes(content)
    ((level, what, remedy),) = found(check_data, project)
    assert (level, remedy) == ("fault", "knockout stage data digits") and "damaged" in what
    data_stage.run(project, "digits")
    assert levels(check_data, project) == {"good"}


def test_dvc_is_stale_then_broken(project):
    (project.root / ".dvc").mkdir()
    (project.root / ".dvc" / "config").write_text("[core]\nno_scm = true\n")
    (project.root / "dvc.yaml").write_text("stages: {one: {cmd: echo 1, deps: [params.yaml]}}")
    ((level, what, remedy),) = found(check_dvc, project)
    assert (level, remedy) == ("note", "dvc repro") and "one" in what
    (project.root / ".git").mkdir()
    (project.root / "dvc.yaml").write_text("stages: [")
    assert found(check_dvc, project)[0][::2] == ("fault", "dvc status -v")


def test_blas_with_two_threads_is_a_fault(project, monkeypatch):
    monkeypatch.setattr("pipeline.doctor.doctor.pin_threads", lambda: None)
    with threadpool_limits(2, user_api="blas"):
        (level, what, remedy), *_ = found(check_blas, project)
    assert level == "fault" and "keeps 2 threads" in what and "OPENBLAS_NUM_THREADS=1" in remedy


def test_an_unpacked_archive_without_git_is_told_what_helps(project):
    (project.root / ".dvc").mkdir()
    (project.root / ".dvc" / "config").write_text("")  # as a clone of a Git project has it
    ((level, _, remedy),) = found(check_dvc, project)
    assert (level, remedy) == ("fault", "dvc config --local core.no_scm true")
    command = [sys.executable, "-m", "dvc", *remedy.split()[1:]]
    subprocess.run(command, cwd=project.root, check=True)
    assert levels(check_dvc, project) == {"good"}


def test_own_data_are_read_then_missed_then_found_changed(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(tmp_path / "cache"))
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (60, 4, 4)).astype(np.uint8)
    labels = (np.arange(60) % 3).astype(np.uint8)
    np.savez(tmp_path / "own.npz", images=images, labels=labels)
    text = "study: {datasets: {own: ./own.npz}, factors: {dropout: {off: 0, on: 0.2}}}"
    (tmp_path / "params.yaml").write_text(text)
    own = open_project(tmp_path)
    data_stage.run(own, "own")
    assert levels(check_data, own) == {"good"}
    kept = (tmp_path / "own.npz").rename(tmp_path / "kept.npz")
    ((level, what, remedy),) = found(check_data, own)
    assert level == "fault" and "own.npz" in what and remedy.startswith("put it back")
    np.savez(tmp_path / "own.npz", images=255 - images, labels=labels)
    ((level, what, _),) = found(check_data, own)
    assert level == "fault" and "must keep the content" in what
    kept.replace(tmp_path / "own.npz")
    assert levels(check_data, own) == {"good"}


def test_a_terminal_of_few_letters_gets_every_finding(project):
    code = "import sys; sys.argv[1:] = ['doctor']; from pipeline.cli import main; main()"
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    environment["PYTHONIOENCODING"] = "ascii"
    environment["PYTHONPATH"] = str(Path(__file__).parents[3])
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(
        command, cwd=project.root, env=environment, capture_output=True, timeout=300
    )
    assert b"found." in done.stdout and b"Error" not in done.stderr
