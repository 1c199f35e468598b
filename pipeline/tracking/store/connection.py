"""An open way to the tracking store."""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pipeline.tracking.records.record import Record
from pipeline.tracking.store import address, database
from pipeline.tracking.store.written_runs import call_client, write_rows

if TYPE_CHECKING:
    from mlflow import MlflowClient

# A server that died answers nothing: without these bounds one call blocks for four minutes.
_DEFAULTS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "4",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER": "0",
    # A connection kept open would continue with a database that was deleted meanwhile.
    "MLFLOW_SQLALCHEMYSTORE_POOLCLASS": "NullPool",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    # A server would have a line printed for each run.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    # A model's requirements are named; the project's whole lock file is not among them.
    "MLFLOW_UV_AUTO_DETECT": "false",
}
_WAIT_SECONDS = 30.0


@dataclass(frozen=True)
class Connection:
    """An open way to the tracking store of a project.

    The client speaks to `uri`, and no global state of MLflow is touched. `artifact_root` is the
    folder of the artifacts, None when a server decides; `rows` is the SQLite database, where its
    schema is the one whose rows can be written directly.
    """

    client: MlflowClient
    uri: str
    artifact_root: Path | None
    project: Path
    rows: Path | None = None

    def writing(self, timeout: float = _WAIT_SECONDS) -> FileLock:
        """Return the lock of this project's one writer, for a `with` block.

        The system frees it when its holder ends, however it ends. Entering raises
        `filelock.Timeout` when another process still holds it after `timeout` seconds.
        """
        path = self.project / ".knockout" / "tracking.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(path, timeout=timeout)

    def write(self, experiment_id: str, records: Sequence[Record]) -> list[str]:
        """Create the runs of these records, in their order, and return their ids."""
        client, origin = self.client, self._origin
        if self.rows is not None:
            return write_rows(self.rows, experiment_id, records, origin)
        return [call_client(client, experiment_id, record, origin) for record in records]

    @cached_property
    def _origin(self) -> dict[str, str]:
        """Tags that say where runs are logged from; another commit makes no other record."""
        return provenance(self.project)


def provenance(project: Path) -> dict[str, str]:
    """Return the tags that tie a run to the project's present revision and DVC experiment."""
    tags = {"mlflow.source.name": "knockout", "mlflow.source.type": "LOCAL"}
    command = ["git", "-C", str(project), "rev-parse", "HEAD"]
    # Without Git, or outside a repository, there is no commit.
    with suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.check_output(command, stderr=subprocess.DEVNULL, timeout=5)
        tags["mlflow.source.git.commit"] = commit = answer.decode("ascii").strip()
        tags["dvc.revision"] = os.environ.get("DVC_EXP_BASELINE_REV", commit)
    if name := os.environ.get("DVC_EXP_NAME"):
        tags["dvc.experiment"] = name
    return tags


def is_queued_copy(project: Path) -> bool:
    """Return whether this is the copy in which DVC runs a queued experiment.

    MLflow shows one plan, the project's own; such a copy has another and vanishes with its
    database, and several may run at once. `dvc exp apply` and a sync show what it found.
    """
    return ".dvc" in project.resolve().parts


def connect(project: Path, uri: str | None = None) -> Connection:
    """Open the tracking store, creating the SQLite database on first use.

    The address is `uri`, else that of `address.tracking_uri`, whose errors it raises.
    """
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    uri = uri or address.tracking_uri(project)
    from mlflow import MlflowClient

    served = uri.startswith(("http://", "https://"))  # the server keeps the artifacts too
    root = None if served else project.resolve() / "mlartifacts"
    rows = None
    if (path := address.database_path(uri)) is not None:
        logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        database.ensure(path, str(root))
        rows = path if database.revision(path) == database.REVISION else None
    return Connection(MlflowClient(tracking_uri=uri, registry_uri=uri), uri, root, project, rows)


def reason(error: Exception) -> str:
    """Return why tracking did not work: one line without secrets, cut after 200 characters."""
    if isinstance(error, address.AddressError):
        return str(error)
    if isinstance(error, Timeout):
        return f"another process holds {error.lock_file}"
    text = next((line for line in str(error).splitlines() if line.strip()), "")
    if refused := re.match(r"API request to (https?://[^/]+)\S* failed with exception", text):
        failed = re.search(r"too many (\d+) error responses", text)
        how = f"answers with error {failed[1]}" if failed else "does not answer"
        return f"{address.shown(refused[1])} {how}"
    if "out-of-date database schema" in text:
        return "the database is of another MLflow; back it up, then run `mlflow db upgrade` on it"
    if "unable to open database file" in text:
        return "the database cannot be opened: deleted, or not ours to write"
    if "disk is full" in text:
        return "the disk of the database is full; free some room"
    text = f"{type(error).__name__}: {address.shown(text)}"
    return text if len(text) <= 200 else f"{text[:200].rpartition(' ')[0]} …"


def trouble(what: Exception | str, remedy: str) -> str:
    """Return the one line that a study prints when MLflow fails, with what remedies it."""
    # Nothing can be kept at a wrong address: trying again does not help.
    again = "" if isinstance(what, address.AddressError) else f". Nothing is lost: {remedy}."
    return f"MLflow tracking: {what if isinstance(what, str) else reason(what)}{again}"
