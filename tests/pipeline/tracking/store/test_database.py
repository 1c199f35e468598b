"""The tracking database comes into being once, whole, or not at all."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from pipeline.tracking.store.database import REVISION, ensure, revision

CREATE = """
import sys, pathlib
from pipeline.tracking.store.database import ensure
ensure(pathlib.Path(sys.argv[1]), "artifacts")
"""


def create(path):
    return subprocess.Popen([sys.executable, "-W", "ignore", "-c", CREATE, str(path)])


def test_the_database_is_in_write_ahead_mode(template_database):
    with closing(sqlite3.connect(template_database)) as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)


def test_a_whole_database_is_left_alone(project):
    path = project / "mlflow.db"
    before = path.read_bytes()
    ensure(path, "x")
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a database"])
def test_a_file_that_is_no_database_is_not_complete(tmp_path, content):
    (tmp_path / "a.db").write_bytes(content)
    assert not revision(tmp_path / "a.db")


def test_an_unusable_database_is_moved_aside_and_made_anew(
    tmp_path, template_database, monkeypatch
):
    path = tmp_path / "mlflow.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table runs (half int)")
    old = path.read_bytes()
    monkeypatch.setattr(
        "pipeline.tracking.store.database._build_schema",
        lambda target, root: target.write_bytes(template_database.read_bytes()),
    )
    ensure(path, "x")
    (aside,) = tmp_path.glob("mlflow.db.unusable-*")
    assert revision(path) and aside.read_bytes() == old


def test_a_killed_creation_leaves_nothing_behind(tmp_path, template_database, monkeypatch):
    left = tmp_path / f".mlflow.db.{'a1' * 16}.db-journal"
    own = tmp_path / ".mlflow.db.backup"
    left.touch(), own.touch()
    monkeypatch.setattr(
        "pipeline.tracking.store.database._build_schema",
        lambda target, root: target.write_bytes(template_database.read_bytes()),
    )
    ensure(tmp_path / "mlflow.db", "x")
    assert not left.exists() and own.exists()


def test_a_locked_database_is_never_taken_for_a_broken_one(project, monkeypatch):
    monkeypatch.setattr("pipeline.tracking.store.database._BUSY_SECONDS", 0.1)
    path = project / "mlflow.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        # Without the write-ahead log a writer keeps readers out.
        other.execute("pragma journal_mode=delete")
        other.execute("begin exclusive")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            ensure(path, "x")
        other.execute("rollback")
    ensure(path, "x")
    assert list(project.glob("*unusable*")) == []


def test_rows_are_written_to_the_schema_of_the_installed_mlflow(template_database, tmp_path):
    # If this fails, MLflow has a new schema: compare its tables with `written_runs`, then name
    # the new revision.
    assert revision(template_database) == REVISION
    other = tmp_path / "other.db"
    other.write_bytes(template_database.read_bytes())
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("update alembic_version set version_num = 'later'")
    assert revision(other) == "later"


@pytest.mark.slow
def test_processes_that_start_at_once_share_one_database(tmp_path):
    processes = [create(tmp_path / "mlflow.db") for _ in range(4)]
    assert [process.wait(250) for process in processes] == [0] * 4
    assert revision(tmp_path / "mlflow.db")
    assert not list(tmp_path.glob(".mlflow.db.*"))


@pytest.fixture(scope="module")
def creation_s(tmp_path_factory):
    """How long a creation takes, in seconds."""
    started = time.monotonic()
    assert create(tmp_path_factory.mktemp("first") / "mlflow.db").wait(120) == 0
    return time.monotonic() - started


@pytest.mark.slow
@pytest.mark.fault
@pytest.mark.parametrize("share", [0.3, 0.6, 0.8, 0.95])
def test_kill_9_during_creation_leaves_nothing_or_a_whole_database(tmp_path, creation_s, share):
    process = create(tmp_path / "mlflow.db")
    time.sleep(share * creation_s)
    process.kill()
    process.wait()
    assert not (tmp_path / "mlflow.db").exists() or revision(tmp_path / "mlflow.db")
    assert create(tmp_path / "mlflow.db").wait(120) == 0
    assert revision(tmp_path / "mlflow.db")
