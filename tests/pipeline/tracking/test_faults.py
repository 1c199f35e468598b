"""MLflow fails in mid-study: one line, the study goes on, and the next sync brings everything."""

import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from pipeline.tracking.live import LiveTracking
from pipeline.tracking.records.names import RUNS, experiment
from pipeline.tracking.store.connection import connect, reason
from tests.pipeline.tracking.conftest import runs_in, sync_pairs
from tests.pipeline.tracking.small_server import small_server

REPLICATES, CELLS = experiment("main", "digits", RUNS), experiment("main", "digits")


def log(tracking, pairs):
    for pair in pairs:
        tracking.log_run(*pair)


def the_line(capsys):
    """The one line that is said of a failure."""
    out, err = capsys.readouterr()
    (line,) = (out + err).splitlines()
    assert line.startswith("MLflow tracking: ")
    assert line.endswith("Nothing is lost: `knockout sync` adds what is missing.")
    return line


def statuses(project):
    """The statuses of the live runs and cells in the project's database, by key."""
    connection, found = connect(project), {}
    for name in (REPLICATES, CELLS):
        for run in runs_in(connection, name):
            found.setdefault(run.data.tags["run_key"], []).append(run.info.status)
    return found


def whole(pairs):
    """What MLflow is to hold of these runs and their cells, each once."""
    cells = {f"main/digits/{spec.cell}" for spec, _ in pairs}
    return {key: ["FINISHED"] for key in {spec.run_key for spec, _ in pairs} | cells}


@pytest.fixture
def impatient(monkeypatch):
    """MLflow's own settings: one try of a second."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")


@pytest.mark.usefixtures("impatient")
# The first request of all, amid the first run, and after some whole runs.
@pytest.mark.parametrize("healthy", [0, 8, 20])
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("500", "answers with error 500"),
        pytest.param("hangs", "does not answer", marks=pytest.mark.fault),
        ("dies", "does not answer"),
    ],
)
def test_a_server_that_fails_costs_one_line_and_is_asked_no_more(
    project, make_pairs, monkeypatch, capsys, fault, words, healthy
):
    pairs = make_pairs(4, 2)
    with small_server(project / "served") as server:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", server.uri)
        server.fault, server.healthy = fault, healthy
        began = time.monotonic()
        with LiveTracking("main", project) as tracking:
            log(tracking, pairs)
        assert time.monotonic() - began < 5
        assert f"{server.uri} {words}" in the_line(capsys)
        assert server.asked == healthy + 1
        # The sync in the stage of its own meets the same.
        with pytest.raises(Exception) as caught:
            sync_pairs(connect(project), pairs)
        assert "\n" not in reason(caught.value) and server.asked == healthy + 2
        server.fault = ""
        sync_pairs(connect(project), pairs)
        assert server.status_by_key() == whole(pairs)


def test_a_database_that_another_process_has_locked_is_left_to_the_sync(
    project, connection, make_pairs, monkeypatch, capsys
):
    pairs = make_pairs(4, 2)
    sync_pairs(connection, make_pairs(1, 2))
    monkeypatch.setattr("pipeline.tracking.store.database._BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(project / "mlflow.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        with LiveTracking("main", project) as tracking:
            log(tracking, pairs)
        assert "database is locked" in the_line(capsys)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            sync_pairs(connect(project), pairs)
        other.execute("rollback")
    sync_pairs(connect(project), pairs)
    assert statuses(project) == whole(pairs)
    assert not list(project.glob("*unusable*"))


@pytest.fixture
def quick_schema(template_database, monkeypatch):
    """Building a schema takes seconds, copying one does not."""
    monkeypatch.setattr(
        "pipeline.tracking.store.database._build_schema",
        lambda target, root: shutil.copy(template_database, target),
    )


@pytest.mark.usefixtures("quick_schema")
def test_a_database_that_is_deleted_in_mid_study_is_built_anew(project, make_pairs, capsys):
    pairs = make_pairs(4, 2)
    with LiveTracking("main", project) as tracking:
        log(tracking, pairs[:2])
        while tracking.logged < 2:
            time.sleep(0.01)
        (project / "mlflow.db").unlink()
        log(tracking, pairs[2:])
    assert "the database cannot be opened" in the_line(capsys)
    assert not (project / "mlflow.db").exists()
    sync_pairs(connect(project), pairs)
    assert statuses(project) == whole(pairs)


@pytest.mark.usefixtures("quick_schema")
def test_the_journal_of_a_deleted_database_is_not_read_as_the_new_ones(project, make_pairs):
    path = project / "mlflow.db"
    pairs = make_pairs(2, 1)
    with closing(sqlite3.connect(path)) as killed:
        # As after kill -9: what was written last is in the journal alone.
        killed.execute("insert into experiments (name) values ('of the old one')")
        killed.commit()
        journal = path.with_name("mlflow.db-wal").read_bytes()
    path.unlink()
    path.with_name("mlflow.db-wal").write_bytes(journal)
    sync_pairs(connect(project), pairs)
    assert statuses(project) == whole(pairs)
    assert connect(project).client.get_experiment_by_name("of the old one") is None
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)


def test_a_database_of_an_older_mlflow_is_kept_and_named_with_what_upgrades_it(
    project, make_pairs, capsys
):
    path, pairs = project / "mlflow.db", make_pairs(2, 2)
    with closing(sqlite3.connect(path)) as database, database:
        ((newest,),) = database.execute("select version_num from alembic_version")
        database.execute("update alembic_version set version_num = '0a1b2c3d'")
    with LiveTracking("main", project) as tracking:
        log(tracking, pairs)
    line = the_line(capsys)
    assert "of another MLflow; back it up, then run `mlflow db upgrade` on it" in line
    assert not list(project.glob("*unusable*"))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("update alembic_version set version_num = ?", (newest,))
    sync_pairs(connect(project), pairs)
    assert statuses(project) == whole(pairs)
