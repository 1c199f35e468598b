"""Start the MLflow UI and say where the ready views are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from pipeline.tracking.records.links import chart_link, run_link, view_link
from pipeline.tracking.records.names import (
    champions_experiment,
    machine_experiment,
    study_experiment,
)
from pipeline.tracking.records.study_record import PAGE
from pipeline.tracking.store.address import AddressError, shown
from pipeline.tracking.store.connection import Connection, connect, reason
from pipeline.tracking.store.experiments import study_experiments
from pipeline.tracking.store.held import held_runs

_START_SECONDS = 180.0
_STOP_SECONDS = 10.0
_HERE = ("127.0.0.1", "localhost", "::1")


class ServerError(RuntimeError):
    """The UI could not be started."""


def server_command(host: str, port: int) -> list[str]:
    """Return the command that serves the tracking store which `server_environment` names.

    One worker process serves one reader well; the default four take 3 GB of memory.
    """
    return [
        *(sys.executable, "-m", "mlflow", "server"),
        *("--host", host, "--port", str(port), "--workers", "1"),
        # Its access log would bury the links.
        *("--uvicorn-opts", "--log-level warning"),
    ]


def server_environment(connection: Connection) -> dict[str, str]:
    """Return the server's environment; an address may hold a password, which `ps` must not show."""
    return {
        **os.environ,
        "MLFLOW_BACKEND_STORE_URI": connection.uri,
        "MLFLOW_DEFAULT_ARTIFACT_ROOT": (connection.project.resolve() / "mlartifacts").as_uri(),
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "PYTHONWARNINGS": "ignore",
    }


def start(connection: Connection, *, host: str, port: int) -> subprocess.Popen[bytes]:
    """Start the server and return its process once it answers.

    Raises
    ------
    ServerError
        If it ends or does not answer within three minutes.
    """
    base = f"http://{host}:{port}"
    if answers(base):
        raise ServerError(f"{base} — the port must be free — something answers there. Stop it.")
    # A session of its own, so that `stop` reaches the workers that MLflow starts in turn.
    process = subprocess.Popen(
        server_command(host, port), env=server_environment(connection), start_new_session=True
    )
    deadline = time.monotonic() + _START_SECONDS
    while not answers(base):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(process)
            raise ServerError(
                f"{base} — MLflow's server must start within {_START_SECONDS:g} s — it did not. "
                "See its lines above; the port may be taken."
            )
        time.sleep(0.2)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server with its workers, gently first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_STOP_SECONDS)


def answers(base: str) -> bool:
    """Return whether an MLflow server answers at this address."""
    try:
        with urlopen(f"{base}/health", timeout=2) as response:
            return bool(response.status == 200)
    except (URLError, HTTPException, OSError):
        return False


def view_links(connection: Connection, study: str, base: str) -> Iterator[str]:
    """Yield lines with the page and the ready views of a study, the datasets' before others."""
    whole = connection.client.get_experiment_by_name(study_experiment(study))
    if whole and whole.lifecycle_stage == "active":
        for run in held_runs(connection, whole.experiment_id):
            yield study_experiment(study)
            yield f"  verdicts {run_link(base, whole.experiment_id, run.run_id)}"
            yield f"  page     {run_link(base, whole.experiment_id, run.run_id, PAGE)}"
    beside = (champions_experiment(study), machine_experiment(study))
    found = study_experiments(connection, study)
    for experiment in sorted(found, key=lambda e: (e.name in beside, e.name)):
        yield experiment.name
        yield f"  table    {view_link(base, experiment.experiment_id)}"
        yield f"  charts   {chart_link(base, experiment.experiment_id)}"


def serve_ui(
    project: Path,
    study: str,
    *,
    host: str = "127.0.0.1",
    port: int = 5000,
    say: Callable[[str], object] = print,
) -> int:
    """Serve the UI until it is interrupted; return the exit code.

    With `MLFLOW_TRACKING_URI` set to a server, that server has the UI and only its links are
    shown.

    Parameters
    ----------
    project : Path
        The project's root folder.
    study : str
        The study whose views are linked.
    host, port : str, int
        Where to listen.
    say : callable
        Takes one line at a time.
    """
    try:
        connection = connect(project)
    except AddressError:
        raise
    except Exception as error:
        raise ServerError(f"MLflow: {reason(error)}") from error
    if connection.artifact_root is None:
        _say_links(connection, study, shown(connection.uri), say)
        return 0
    # Set, not copied: a shell starts background jobs with Ctrl-C ignored.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say(f"starting MLflow's server on {host}:{port} …")
    process = start(connection, host=host, port=port)
    try:
        _say_links(connection, study, f"http://{host}:{port}", say)
        say(_who_reaches_it(host))
        say("Ctrl-C ends it.")
        return process.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        stop(process)


def _who_reaches_it(host: str) -> str:
    if host in _HERE:
        return (
            "Only this machine reaches it; `knockout ui --host 0.0.0.0` opens it to the network, "
            "without a password."
        )
    return "Everybody who reaches this machine can read, change and delete its runs."


def _say_links(connection: Connection, study: str, base: str, say: Callable[[str], object]) -> None:
    links = list(view_links(connection, study, base))
    say(f"MLflow UI: {base}")
    for line in links:
        say(f"  {line}")
    if not links:
        say("  It holds no run of this study yet: `make study` trains, `knockout sync` mirrors.")
