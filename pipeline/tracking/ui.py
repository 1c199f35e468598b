"""Start the MLflow UI and say where the ready views are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

from pipeline.tracking.records.names import BESIDE, experiment, link, view_link
from pipeline.tracking.records.study_record import PAGE
from pipeline.tracking.store.address import AddressError, shown
from pipeline.tracking.store.connection import Connection, connect, reason
from pipeline.tracking.store.experiments import held_runs, study_experiments

_START_SECONDS, _STOP_SECONDS = 180.0, 10.0
_HERE = ("127.0.0.1", "localhost", "::1")
_OPEN_HERE = (
    "Only this machine reaches it; `knockout ui --host 0.0.0.0` opens it to the network, without "
    "a password."
)
_FIRST_VISIT = (
    "At your first visit choose Model training at the top left, or its own links open pages for "
    "language models, and close the assistant; it remembers both."
)
_OPEN_TO_ALL = "Everybody who reaches this machine can read, change and delete its runs."
_EMPTY = "It holds no run of this study yet: `make study` trains, `knockout sync` mirrors."


class ServerError(RuntimeError):
    """The UI could not be started."""


def server_command(host: str, port: int) -> list[str]:
    """Return the command that serves the tracking store which `server_environment` names.

    One worker process serves one reader well; the default four take 3 GB of memory.
    """
    command = [sys.executable, "-m", "mlflow", "server", "--host", host, "--port", str(port)]
    # Its access log would bury the links.
    return [*command, "--workers", "1", "--uvicorn-opts", "--log-level warning"]


def server_environment(connection: Connection) -> dict[str, str]:
    """Return the server's environment; an address may hold a password, which `ps` must not show."""
    return {
        **os.environ,
        "MLFLOW_BACKEND_STORE_URI": connection.uri,
        "MLFLOW_DEFAULT_ARTIFACT_ROOT": (connection.project.resolve() / "mlartifacts").as_uri(),
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_LOGGING_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
    }


@contextmanager
def serving(connection: Connection, *, host: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serve for a `with` block, which begins once the server answers; yields its process.

    Raises
    ------
    ServerError
        If it ends or does not answer within three minutes.
    """
    base = f"http://{host}:{port}"
    if answers(base):
        raise ServerError(f"{base} — the port must be free — something answers there. Stop it.")
    # A session of its own, so that its end reaches the workers that MLflow starts in turn.
    process = subprocess.Popen(
        server_command(host, port), env=server_environment(connection), start_new_session=True
    )
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not answers(base):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(
                    f"{base} — MLflow's server must start within {_START_SECONDS:g} s — it did "
                    "not. See its lines above; the port may be taken."
                )
            time.sleep(0.2)
        yield process
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):  # gently first
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)


def answers(base: str) -> bool:
    """Return whether an MLflow server answers at this address."""
    try:
        with urlopen(f"{base}/health", timeout=2) as response:
            return bool(response.status == 200)
    except (HTTPException, OSError):
        return False


def view_links(connection: Connection, study: str, base: str) -> Iterator[str]:
    """Yield lines with the page and the ready views of a study, the datasets' before others."""
    live = {name: e.experiment_id for name, e in study_experiments(connection, study).items()}
    if whole := live.pop(experiment(study), None):
        for run in held_runs(connection, whole):
            yield experiment(study)
            yield f"  verdicts {link(base, whole, run.run_id)}"
            yield f"  page     {link(base, whole, f'{run.run_id}/artifacts/{PAGE}')}"
    beside = [experiment(study, name) for name in BESIDE]
    for name in sorted(live, key=lambda name: (name in beside, name)):
        yield name
        yield f"  table    {view_link(base, live[name])}"
        yield f"  charts   {view_link(base, live[name], compareRunsMode='CHART')}"


def serve_ui(project: Path, study: str, *, host: str = "127.0.0.1", port: int = 5000) -> int:
    """Serve the UI and print a study's ready views until interrupted; return the exit code.

    With `MLFLOW_TRACKING_URI` set to a server, that server has the UI and only its links are
    printed.
    """

    def say_links(base: str) -> None:
        print(f"MLflow UI: {base}")
        for line in list(view_links(connection, study, base)) or [_EMPTY]:
            print(f"  {line}")
        print(_FIRST_VISIT)

    try:
        connection = connect(project)
        if connection.artifact_root is None:
            say_links(shown(connection.uri))
            return 0
    except AddressError:
        raise
    except Exception as error:
        raise ServerError(f"MLflow: {reason(error)}") from error
    # Set, not copied: a shell starts background jobs with Ctrl-C ignored.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"starting MLflow's server on {host}:{port} …")
    try:
        with serving(connection, host=host, port=port) as process:
            say_links(f"http://{host}:{port}")
            print(_OPEN_HERE if host in _HERE else _OPEN_TO_ALL)
            print("Ctrl-C ends it.")
            return process.wait()
    except KeyboardInterrupt:
        return 0
