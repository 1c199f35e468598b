"""Runs are tied to the commit and to the DVC experiment; what fails is said in one line."""

import sqlite3
import subprocess

from pipeline.tracking.store.connection import provenance, reason


def test_outside_a_repository_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "mlflow.source.git.commit" not in provenance(tmp_path)


def test_commit_and_dvc_experiment_are_named(tmp_path, monkeypatch):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    assert provenance(tmp_path)["dvc.revision"] == head.stdout.strip()
    monkeypatch.setenv("DVC_EXP_NAME", "brave-fox")
    monkeypatch.setenv("DVC_EXP_BASELINE_REV", "abc")
    tags = provenance(tmp_path)
    assert (tags["dvc.experiment"], tags["dvc.revision"]) == ("brave-fox", "abc")


def test_a_full_disk_is_said_with_what_to_do():
    error = sqlite3.OperationalError("(sqlite3.OperationalError) database or disk is full\n[SQL: …")
    assert reason(error) == "the disk of the database is full; free some room"
