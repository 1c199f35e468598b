"""Live tracking shows finished runs and never holds up or breaks a study."""

import signal
import subprocess
import sys
import time

from pipeline.tracking.live import LiveTracking
from pipeline.tracking.records.names import RUNS, experiment
from pipeline.tracking.store.connection import Connection, connect
from tests.pipeline.tracking.conftest import await_runs, runs_in, sync_pairs

REPLICATES = experiment("main", "digits", RUNS)


def keys_in(connection):
    return sorted(run.data.tags["run_key"] for run in runs_in(connection, REPLICATES))


def test_runs_appear_as_they_finish_and_the_sync_finds_them_present(project, make_pairs):
    pairs = make_pairs(2, 2)
    with LiveTracking("main", project) as tracking:
        for spec, result in pairs[:3]:
            tracking.log_run(spec, result)
        await_runs(tracking, 3)
        assert keys_in(connect(project)) == sorted(spec.run_key for spec, _ in pairs[:3])
    report = sync_pairs(connect(project), pairs)
    assert (report.present, report.replaced) == (3, 0)
    assert keys_in(connect(project)) == sorted(spec.run_key for spec, _ in pairs)


def test_runs_that_come_too_fast_are_left_to_the_sync(project, make_pairs, monkeypatch, capsys):
    """Held back, they would fill the memory of a study of many short runs."""
    monkeypatch.setattr("pipeline.tracking.live._MOST_WAITING", 0)
    pairs = make_pairs(2, 2)
    with LiveTracking("main", project) as tracking:
        for spec, result in pairs:
            tracking.log_run(spec, result)
        while not tracking._opened:
            time.sleep(0.01)
    assert tracking.logged == 0
    assert "stops with 4 runs still waiting for it" in capsys.readouterr().out
    assert sync_pairs(connect(project), pairs).created == 4 + 2


def test_a_resumed_study_logs_no_run_twice(project, make_pairs):
    found = []
    for _ in range(2):
        with LiveTracking("main", project) as tracking:
            for spec, result in make_pairs(2, 1):
                tracking.log_run(spec, result)
        found.append({run.info.run_id for run in runs_in(connect(project), REPLICATES)})
    assert tracking.logged == len(found[0]) == 2 and found[0] == found[1]


def test_a_fault_while_writing_is_completed_by_the_next_sync(project, make_pairs, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    pairs = make_pairs(2, 1)
    with monkeypatch.context() as patch, LiveTracking("main", project) as tracking:
        patch.setattr("pipeline.tracking.store.written_runs._write_folder", broken)
        tracking.log_run(*pairs[0])
    assert "disk full" in tracking.failure
    report = sync_pairs(connect(project), pairs)
    assert report.replaced == 1
    assert keys_in(connect(project)) == sorted(spec.run_key for spec, _ in pairs)


def test_the_study_does_not_wait_for_a_slow_mlflow(project, make_pairs, monkeypatch, capsys):
    monkeypatch.setattr("pipeline.tracking.live._PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr("pipeline.tracking.live._BATCH", 1)
    with monkeypatch.context() as slow:
        slow.setattr(Connection, "write", lambda *_: time.sleep(1))
        with LiveTracking("main", project) as tracking:
            before = time.monotonic()
            for pair in make_pairs(4, 2):
                tracking.log_run(*pair)
            assert time.monotonic() - before < 0.5
            while not tracking._opened:
                time.sleep(0.01)
        tracking._thread.join(10)
    (line,) = capsys.readouterr().out.splitlines()
    assert "stops with 8 runs still waiting for it. Nothing is lost" in line
    assert not tracking._thread.is_alive() and tracking.logged < 8
    assert sync_pairs(connect(project), make_pairs(4, 2)).created == 8 + 4


def test_a_study_that_is_over_before_mlflow_is_open_says_nothing(
    project, make_pairs, monkeypatch, capsys
):
    def slow(*arguments):
        time.sleep(1)
        return connect(*arguments)

    monkeypatch.setattr("pipeline.tracking.live.connect", slow)
    monkeypatch.setattr("pipeline.tracking.live._PATIENCE_SECONDS", 0.2)
    with LiveTracking("main", project) as tracking:
        for pair in make_pairs(2, 2):
            tracking.log_run(*pair)
    tracking._thread.join(30)
    assert capsys.readouterr().out == ""
    sync_pairs(connect(project), make_pairs(2, 2))
    assert len(keys_in(connect(project))) == 4


def test_system_metrics_are_a_run_of_their_own_that_ends(project, make_pairs, monkeypatch):
    monkeypatch.setenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "true")
    monkeypatch.setattr("pipeline.tracking.live._SAMPLE_SECONDS", 0.2)
    with LiveTracking("main", project) as tracking:
        tracking.log_run(*make_pairs(1, 1)[0])
        await_runs(tracking, 1)
        time.sleep(1)
    (run,) = runs_in(connect(project), "knockout/main/machine")
    assert run.info.status == "FINISHED"
    assert "system/cpu_utilization_percentage" in run.data.metrics


def test_while_another_process_writes_it_steps_back(project, connection, make_pairs):
    with connection.writing(timeout=0), LiveTracking("main", project) as tracking:
        tracking.log_run(*make_pairs(1, 1)[0])
    assert "another process" in tracking.failure and tracking.logged == 0


def test_the_copy_of_a_queued_experiment_is_left_alone(tmp_path, make_pairs, monkeypatch):
    monkeypatch.setenv("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "true")
    copy = tmp_path / ".dvc" / "tmp" / "exps" / "one"
    copy.mkdir(parents=True)
    with LiveTracking("main", copy) as tracking:
        tracking.log_run(*make_pairs(1, 1)[0])
    assert tracking.logged == 0 and list(copy.iterdir()) == []


def test_an_unused_tracking_opens_nothing(tmp_path):
    with LiveTracking("main", tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_holds_no_runs_is_named_without_the_promise_of_another_try(
    project, make_pairs, monkeypatch, capsys
):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "./mlruns")
    with LiveTracking("main", project) as tracking:
        for pair in make_pairs(2, 2):
            tracking.log_run(*pair)
    (line,) = capsys.readouterr().out.splitlines()
    assert "got ./mlruns" in line and "knockout sync" not in line


def test_a_killed_study_leaves_runs_that_the_sync_completes(project, make_pairs):
    code = (
        "import os, signal, sys, time; from pathlib import Path\n"
        "from tests.pipeline.tracking.conftest import all_levels, make_result, make_spec\n"
        "from pipeline.tracking.live import LiveTracking\n"
        "specs = [make_spec(levels, 0) for levels in [*all_levels()][::4]]\n"
        "with LiveTracking('main', Path(sys.argv[1])) as live:\n"
        "    for n, spec in enumerate(specs):\n"
        "        live.log_run(spec, make_result(spec))\n"
        "        while n == 4 and live.logged < 4: time.sleep(0.01)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", code, str(project)]
    assert subprocess.run(command, check=False, timeout=120).returncode == -signal.SIGKILL
    pairs = make_pairs(8, 1)
    assert len(keys_in(connect(project))) >= 4
    assert sync_pairs(connect(project), pairs).present >= 4
    assert keys_in(connect(project)) == sorted(spec.run_key for spec, _ in pairs)
    statuses = {run.info.status for run in runs_in(connect(project), REPLICATES)}
    assert statuses == {"FINISHED"}
