"""A real MLflow server on loopback: used, killed, and hanging in the middle of a study."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest

from pipeline.doctor.mlflow_checks import tracking_findings
from pipeline.tracking import LiveTracking, connect
from pipeline.tracking.records.names import runs_experiment
from pipeline.tracking.ui import (
    ServerError,
    answers,
    serve_ui,
    server_command,
    server_environment,
    start,
    stop,
)
from tests.pipeline.tracking.conftest import sync_pairs

SERVE = """
import sys
from pathlib import Path
from pipeline.tracking import serve_ui
sys.exit(serve_ui(Path(sys.argv[1]), "main", port=int(sys.argv[2])))
"""


def test_the_server_takes_one_worker_and_the_projects_artifacts(connection, project):
    command = server_command("127.0.0.1", 5000)
    assert command[command.index("--workers") + 1] == "1"
    assert command[command.index("--host") + 1] == "127.0.0.1"
    environment = server_environment(connection)
    assert environment["MLFLOW_BACKEND_STORE_URI"] == connection.uri
    folder = (project.resolve() / "mlartifacts").as_uri()
    assert environment["MLFLOW_DEFAULT_ARTIFACT_ROOT"] == folder


def test_a_password_is_on_no_command_line(connection):
    secret = replace(connection, uri="postgresql://ann:pw@host/knockout")
    assert "pw" not in " ".join(server_command("127.0.0.1", 5000))
    assert server_environment(secret)["MLFLOW_BACKEND_STORE_URI"] == secret.uri


def test_a_remote_servers_links_have_no_password(project, monkeypatch):
    said = []
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://ann:pw@h:1")
    monkeypatch.setattr("pipeline.tracking.ui.view_links", lambda *_: iter(()))
    assert serve_ui(project, "main", say=said.append) == 0
    assert said[0] == "MLflow UI: http://h:1"


def test_a_taken_port_is_refused(connection, monkeypatch):
    monkeypatch.setattr("pipeline.tracking.ui.answers", lambda base: True)
    with pytest.raises(ServerError, match="port must be free"):
        start(connection, host="127.0.0.1", port=5000)


def await_runs(tracking, number):
    deadline = time.monotonic() + 60
    while tracking.logged < number and not tracking.failure and time.monotonic() < deadline:
        time.sleep(0.05)
    assert tracking.logged == number


@pytest.fixture
def server(connection, free_port):
    process = start(connection, host="127.0.0.1", port=free_port)
    yield process, f"http://127.0.0.1:{free_port}"
    stop(process)
    assert not answers(f"http://127.0.0.1:{free_port}")


def content_of(connection):
    """Params, metrics, tags and curves of every run, as a reader gets them."""
    found = connection.client.get_experiment_by_name(runs_experiment("main", "digits"))
    runs = connection.client.search_runs([found.experiment_id])
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
        for run in runs
    }


@pytest.mark.slow
def test_a_sync_through_the_server_is_idempotent_and_complete(server, project, make_pairs):
    _, base = server
    pairs = make_pairs(4, 2)
    connection = connect(project, base)
    assert sync_pairs(connection, pairs).created == 8 + 4
    report = sync_pairs(connection, pairs)
    assert (report.present, report.replaced, report.failed) == (12, 0, ())
    assert content_of(connection) == content_of(connect(project))
    found = connection.client.get_experiment_by_name(runs_experiment("main", "digits"))
    run = connection.client.search_runs([found.experiment_id])[0]
    address = f"{base}/get-artifact?path=configuration.json&run_uuid={run.info.run_id}"
    with urlopen(address, timeout=30) as response:
        assert json.load(response)["study"] == "main"


@pytest.mark.slow
@pytest.mark.fault
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_server_that_dies_or_hangs_in_mid_study_holds_nothing_up(
    server, project, make_pairs, number
):
    process, base = server
    pairs, said, waits = make_pairs(8, 2), [], []
    with LiveTracking("main", project, uri=base, say=said.append) as tracking:
        for i, (spec, result) in enumerate(pairs):
            if i == 4:
                await_runs(tracking, 4)
                os.killpg(process.pid, number)
            before = time.monotonic()
            tracking.log_run(spec, result)
            waits.append(time.monotonic() - before)
        before = time.monotonic()
    # The study waits for nothing while it trains, and a few seconds at its end.
    assert sum(waits) < 1 and time.monotonic() - before < 12 and len(said) == 1
    if number == signal.SIGSTOP:
        os.killpg(process.pid, signal.SIGCONT)
    # What the server missed is completed once it is back; here, straight into its store.
    stop(process)
    local = connect(project)
    report = sync_pairs(local, pairs)
    assert report.failed == () and report.created + report.replaced >= 12
    keys = {runs_experiment("main", "digits"): [spec.run_key for spec, _ in pairs]}
    levels = {f.level for f in tracking_findings(project, "main", keys)}
    assert "fault" not in levels


@pytest.mark.slow
def test_a_server_that_accepts_and_never_answers_costs_seconds(project, make_pairs, free_port):
    with socket.create_server(("127.0.0.1", free_port)):
        said, started = [], time.monotonic()
        uri = f"http://127.0.0.1:{free_port}"
        with LiveTracking("main", project, uri=uri, say=said.append) as tracking:
            for pair in make_pairs(2, 1):
                tracking.log_run(*pair)
    assert time.monotonic() - started < 15 and len(said) == 1


class Refusing(BaseHTTPRequestHandler):
    """A server whose every answer is an error."""

    def answer(self):
        self.server.asked += 1
        body = b'{"error_code": "INTERNAL_ERROR", "message": "no"}'
        self.send_response(500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = answer  # noqa: N815 - the library's names

    def log_message(self, *_):
        pass


def test_a_server_that_refuses_everything_costs_seconds_and_is_left_alone(project, make_pairs):
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        server.asked = 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said, started = [], time.monotonic()
        uri = f"http://127.0.0.1:{server.server_port}"
        with LiveTracking("main", project, uri=uri, say=said.append) as tracking:
            for pair in make_pairs(8, 2):
                tracking.log_run(*pair)
        asked_live = server.asked
        report = sync_pairs(connect(project, uri), make_pairs(8, 2))
        server.shutdown()
    assert time.monotonic() - started < 15
    assert len(said) == 1 and "knockout sync" in said[0]
    assert len(report.failed) == 1 and report.created == 0
    assert 1 <= asked_live <= 4 and server.asked <= 8


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
