"""A real MLflow server on loopback: used, killed, and hanging in the middle of a study."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from urllib.request import urlopen

import pytest

from pipeline.doctor.mlflow_checks import tracking_findings
from pipeline.tracking.live import LiveTracking
from pipeline.tracking.records.names import RUNS, experiment
from pipeline.tracking.store.connection import connect
from pipeline.tracking.ui import (
    ServerError,
    answers,
    serve_ui,
    server_command,
    server_environment,
    serving,
)
from tests.pipeline.tracking.conftest import await_runs, runs_in, sync_pairs

SERVE = """
import sys
from pathlib import Path
from pipeline.tracking.ui import serve_ui
sys.exit(serve_ui(Path(sys.argv[1]), "main", port=int(sys.argv[2])))
"""


def test_the_server_takes_one_worker_and_the_projects_artifacts(connection, project):
    command = server_command("127.0.0.1", 5000)
    assert command[command.index("--workers") + 1] == "1"
    assert command[command.index("--host") + 1] == "127.0.0.1"
    environment = server_environment(connection)
    folder = (project.resolve() / "mlartifacts").as_uri()
    assert environment["MLFLOW_DEFAULT_ARTIFACT_ROOT"] == folder
    # An address may hold a password, which a command line would show.
    secret = replace(connection, uri="postgresql://ann:pw@host/knockout")
    assert server_environment(secret)["MLFLOW_BACKEND_STORE_URI"] == secret.uri


def test_a_remote_servers_links_have_no_password(project, monkeypatch, capsys):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ann:pw@h:1")
    monkeypatch.setattr("pipeline.tracking.ui.view_links", lambda *_: iter(()))
    assert serve_ui(project, "main") == 0
    assert capsys.readouterr().out.splitlines()[0] == "MLflow UI: http://h:1"


def test_a_server_that_is_down_is_named_in_one_line(project, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    with pytest.raises(ServerError, match=r"^MLflow: http://127.0.0.1:9 does not answer$"):
        serve_ui(project, "main")


def test_a_taken_port_is_refused(connection, monkeypatch):
    monkeypatch.setattr("pipeline.tracking.ui.answers", lambda base: True)
    with (
        pytest.raises(ServerError, match="port must be free"),
        serving(connection, host="127.0.0.1", port=5000),
    ):
        pass


@pytest.fixture
def server(connection, free_port):
    with serving(connection, host="127.0.0.1", port=free_port) as process:
        yield process, f"http://127.0.0.1:{free_port}"
    assert not answers(f"http://127.0.0.1:{free_port}")


def content_of(connection):
    """Params, metrics, tags and curves of every run, as a reader gets them."""
    return {
        run.data.tags["run_key"]: (
            run.info.run_name,
            run.info.status,
            run.data.params,
            run.data.metrics,
            run.data.tags,
            [
                (m.step, m.value, m.timestamp)
                for m in connection.client.get_metric_history(run.info.run_id, "val/accuracy")
            ],
        )
        for run in runs_in(connection, experiment("main", "digits", RUNS))
    }


@pytest.mark.slow
def test_a_sync_through_the_server_is_idempotent_and_complete(server, project, make_pairs):
    _, base = server
    pairs = make_pairs(4, 2)
    connection = connect(project, base)
    assert sync_pairs(connection, pairs).created == 8 + 4
    report = sync_pairs(connection, pairs)
    assert (report.present, report.replaced) == (12, 0)
    assert content_of(connection) == content_of(connect(project))
    run = runs_in(connection, experiment("main", "digits", RUNS))[0]
    address = f"{base}/get-artifact?path=configuration.json&run_uuid={run.info.run_id}"
    with urlopen(address, timeout=30) as response:
        assert json.load(response)["study"] == "main"


@pytest.mark.slow
@pytest.mark.fault
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_server_that_dies_or_hangs_in_mid_study_holds_nothing_up(
    server, project, make_pairs, number, monkeypatch, capsys
):
    process, base = server
    pairs, waits = make_pairs(8, 2), []
    monkeypatch.setenv("MLFLOW_TRACKING_URI", base)
    with LiveTracking("main", project) as tracking:
        for i, (spec, result) in enumerate(pairs):
            if i == 4:
                await_runs(tracking, 4)
                os.killpg(process.pid, number)
            before = time.monotonic()
            tracking.log_run(spec, result)
            waits.append(time.monotonic() - before)
        before = time.monotonic()
    # The study waits for nothing while it trains, and a few seconds at its end.
    assert sum(waits) < 1 and time.monotonic() - before < 12
    assert len(capsys.readouterr().out.splitlines()) == 1
    if number == signal.SIGSTOP:
        os.killpg(process.pid, signal.SIGCONT)
    # What the server missed is completed once it is back; here, straight into its store.
    os.killpg(process.pid, signal.SIGKILL)
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    report = sync_pairs(connect(project), pairs)
    assert report.created + report.replaced >= 12
    keys = {experiment("main", "digits", RUNS): [spec.run_key for spec, _ in pairs]}
    levels = {f.level for f in tracking_findings(project, "main", keys)}
    assert "fault" not in levels


@pytest.mark.slow
def test_the_ui_command_says_the_links_and_ends_with_its_server(
    project, connection, make_pairs, free_port
):
    sync_pairs(connection, make_pairs(1, 1))
    command = [sys.executable, "-u", "-W", "ignore", "-c", SERVE, str(project), str(free_port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    timer = threading.Timer(200, process.kill)
    timer.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    assert sum("viewStateShareKey=knockout" in line for line in lines) == 4
    assert any("Only this machine" in line and "--host 0.0.0.0" in line for line in lines)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    process.stdout.close()
    timer.cancel()
    assert not answers(f"http://127.0.0.1:{free_port}")
