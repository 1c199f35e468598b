"""Where tracking goes: address, artifacts, client."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tracking import database

if TYPE_CHECKING:
    from mlflow import MlflowClient

logger = logging.getLogger(__name__)

# A server that died answers nothing: without these bounds one call blocks for four minutes.
_DEFAULTS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "4",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER": "0",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    # A server would have a line printed for each run.
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    # A model's requirements are named; the project's whole lock file is not among them.
    "MLFLOW_UV_AUTO_DETECT": "false",
}


@dataclass(frozen=True)
class Connection:
    """An open way to the tracking store.

    Parameters
    ----------
    client : MlflowClient
        Speaks to `uri`; no global state of MLflow is touched.
    uri : str
        Address of store or server.
    artifact_root : Path or None
        Folder of the artifacts; None when a server decides.
    project : Path
        The project's root folder.
    """

    client: MlflowClient
    uri: str
    artifact_root: Path | None
    project: Path

    @property
    def lock_path(self) -> Path:
        """The lock that the one writer of this project holds."""
        return self.project / ".knockout" / "tracking.lock"


def tracking_uri(project: Path) -> str:
    """Return `MLFLOW_TRACKING_URI`, or the project's own SQLite database."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{project.resolve()}/mlflow.db"


def is_queued_copy(project: Path) -> bool:
    """Return whether this is the copy in which DVC runs a queued experiment.

    The mirror shows one plan, the project's own; such a copy has another and vanishes with its
    database, and several may run at once. `dvc exp apply` and a sync show what it found.
    """
    return ".dvc" in project.resolve().parts


def bound_waiting() -> None:
    """Set MLflow's retries and time limits where the user has not set them."""
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)


def connect(project: Path, uri: str | None = None) -> Connection:
    """Open the tracking store, creating the SQLite database on first use.

    Parameters
    ----------
    project : Path
        The project's root folder.
    uri : str, optional
        Address; default `MLFLOW_TRACKING_URI`, else `sqlite:///<project>/mlflow.db`.
    """
    bound_waiting()
    from mlflow import MlflowClient

    uri = uri or tracking_uri(project)
    remote = uri.startswith(("http://", "https://"))
    root = None if remote else project.resolve() / "mlartifacts"
    if (path := database.database_path(uri)) is not None:
        logging.getLogger("mlflow.store.db.utils").setLevel(logging.WARNING)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        aside = database.ensure(path, str(root))
        if aside is not None:
            logger.warning("%s was not usable and now lies at %s; made a new one", path, aside)
    return Connection(MlflowClient(tracking_uri=uri, registry_uri=uri), uri, root, project)
