"""Create the SQLite tracking database once, safely.

MLflow builds its schema in place on first use, step by step. Two processes doing so at once
crash, and a process killed meanwhile leaves a file that no later start repairs. So the schema
is built in a temporary file behind a lock and moved into place whole.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing
from glob import escape
from pathlib import Path

from filelock import FileLock

from pipeline import atomic

logger = logging.getLogger(__name__)

REVISION = "dc11669786a5"
"""The schema of MLflow 3.17, by the name of its last migration."""

_CREATION_SECONDS, _BUSY_SECONDS = 120.0, 20.0
# Neither a database nor one with MLflow's tables.
_BROKEN = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR")


def opened(path: Path, mode: str) -> sqlite3.Connection:
    """Open a database that is there, "ro" or "rw": one that was deleted must not come back empty.

    Raises
    ------
    sqlite3.OperationalError
        If it cannot be opened now: not there, or not ours to read.
    """
    # As a URI the path must be quoted: `#` and `?` would end it.
    address = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS)


def revision(path: Path) -> str:
    """Return the revision of the schema that a file holds, empty where none was finished.

    Raises
    ------
    sqlite3.OperationalError
        If it cannot be read now: locked by another process, or not ours to read.
    """
    if not path.exists():
        return ""
    try:
        with closing(opened(path, "ro")) as connection:
            versions = connection.execute("select version_num from alembic_version").fetchall()
            tables = connection.execute(
                "select count(*) from sqlite_master where name in ('runs', 'metrics', 'tags')"
            ).fetchone()
    except sqlite3.DatabaseError as error:
        # Locked or not readable is not broken: such a file is left where it is.
        if not error.sqlite_errorname.startswith(_BROKEN):
            raise
        return ""
    return str(versions[0][0]) if tables == (3,) and len(versions) == 1 else ""


def ensure(path: Path, artifact_root: str) -> None:
    """Make sure that `path` is a usable tracking database, with artifacts below that root.

    A file that an interrupted creation left unusable is moved aside, never deleted.
    """
    if revision(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{path.name}.lock"), timeout=_CREATION_SECONDS):
        if revision(path):
            return
        if path.exists() and path.stat().st_size:
            aside = path.rename(path.with_name(f"{path.name}.unusable-{time.time_ns()}"))
            logger.warning("%s was not usable and now lies at %s; made a new one", path, aside)
        # The journal of a database that was deleted would be read as part of the new one; what a
        # creation was writing when it was killed is of no use.
        journals = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))
        begun = path.parent.glob(f".{escape(path.name)}.{'[0-9a-f]' * 32}*")
        for left in (*journals, *begun):
            left.unlink(missing_ok=True)
        atomic.write_with(path, lambda new: _build_schema(new, artifact_root))


def _build_schema(path: Path, artifact_root: str) -> None:
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    store = SqlAlchemyStore(f"sqlite:///{path.resolve()}", artifact_root)
    # MLflow caches engines by address; this address is about to vanish.
    store.engine.dispose()
    SqlAlchemyStore._engine_map.pop(store.db_uri, None)
    with closing(sqlite3.connect(path)) as connection:
        # Readers (the UI) and the writer do not wait for each other in this mode; it is a
        # property of the file and stays.
        connection.execute("pragma journal_mode=wal")
