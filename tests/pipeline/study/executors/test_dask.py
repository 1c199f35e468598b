"""The Dask executor: same bytes on a real cluster, and a killed worker costs nothing."""

import builtins
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from distributed.comm.core import CommClosedError

from experiments.errors import StudyError
from experiments.run.result import RunResult
from pipeline.study.executors.dask_cluster import _outcome, connect, run_on_dask
from pipeline.study.executors.executor import executor_for, run_in_process
from pipeline.study.executors.task import attempt_on_dask
from pipeline.study.settings import RunSettings
from tests.pipeline.study.executors.test_executors import specs

ROOT = Path(__file__).resolve().parents[4]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_answer(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 1),
        ):
            return
        time.sleep(0.1)
    raise AssertionError(f"no scheduler at {address}")


@contextmanager
def real_cluster(
    folder: Path,
    checkouts: Sequence[Path] = (ROOT, ROOT),
    *,
    after_s: float = 0,
    scheduled_by: Path = ROOT,
) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start `dask scheduler`, and a `dask worker` of each checkout; yield address, processes.

    The workers start so many seconds after that.
    """
    address = f"tcp://127.0.0.1:{free_port()}"
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", address, "--no-dashboard"]
    worker = [*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str], *checkouts: Path) -> None:
        for checkout in checkouts:
            env = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONSAFEPATH": "1"}
            started.append(subprocess.Popen(command, env=env, cwd=folder))

    start(scheduler, scheduled_by)
    workers = threading.Timer(after_s, start, (worker, *checkouts))
    try:
        await_answer(address)
        workers.start()
        if not after_s:
            workers.join()
        yield address, started
    finally:
        workers.cancel()
        workers.join()
        for process in reversed(started):
            process.kill()
            process.wait()


def test_a_result_is_the_same_bytes_as_in_this_process() -> None:
    """The worker's side of the protocol, without a cluster."""
    (spec, *_) = specs()
    (here,) = run_in_process([spec])
    there = attempt_on_dask(spec)
    assert there.status == "ok"
    assert there.parameters_sha256 == here.parameters_sha256
    assert there.predictions.tobytes() == here.predictions.tobytes()


def test_a_worker_with_other_source_refuses_the_run() -> None:
    result = attempt_on_dask(replace(specs()[0], source_digest="other"))
    assert result.status == "failed"
    assert "another source than the plan" in result.reason


def test_a_worker_without_the_data_says_which_machine_lacks_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import platform

    from data_loaders.errors import DatasetUnavailableError

    def nothing(name: str, content_hash: str) -> None:
        raise DatasetUnavailableError(name, ["cache: empty"])

    monkeypatch.setattr("pipeline.study.executors.task._dataset", nothing)
    result = attempt_on_dask(specs()[0])
    assert result.reason.startswith(f"{platform.node()} lacks the data: digits is unavailable")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "distributed":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StudyError, match=r"pip install 'knockout\[dask\]'"):
        connect("", workers=1)


def test_an_address_where_nothing_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.study.executors.dask_cluster._CONNECT_S", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(StudyError, match=f"answers; got {address}"):
        list(run_on_dask(specs(), address=address, workers=1))


def test_a_cluster_of_this_machine_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCKOUT_WORKERS", "1")
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    there = {}
    with executor_for(RunSettings(executor="dask")) as execute:
        for result in execute(specs()):
            there[result.run_key] = result
            everyone = [psutil.Process(), *psutil.Process().children(recursive=True)]
            heard = {c.laddr.ip for p in everyone for c in p.net_connections("tcp") if not c.raddr}
            assert heard == {"127.0.0.1"}
    here = {r.run_key: r for r in run_in_process(specs())}
    assert there.keys() == here.keys()
    for key, result in here.items():
        assert there[key].parameters_sha256 == result.parameters_sha256
        assert there[key].predictions.tobytes() == result.predictions.tobytes()
        assert there[key].environment["blas_threads"] == "1"


@pytest.mark.fault
def test_a_study_on_a_real_cluster_outlives_a_killed_worker(tmp_path: Path) -> None:
    wanted = specs(epochs=150, replicates=4)
    with real_cluster(tmp_path) as (address, processes):
        arrived = []
        for result in run_on_dask(wanted, address=address, workers=1):
            arrived.append(result)
            if len(arrived) == 3:
                processes[1].send_signal(signal.SIGKILL)
        assert processes[1].wait() == -signal.SIGKILL
        assert processes[2].poll() is None
    assert sorted(r.run_key for r in arrived) == sorted(s.run_key for s in wanted)
    assert {r.status for r in arrived} == {"ok"}
    here = {r.run_key: r.parameters_sha256 for r in run_in_process(wanted[:2])}
    there = {r.run_key: r.parameters_sha256 for r in arrived}
    assert here.items() <= there.items()


@pytest.mark.fault
def test_a_run_that_kills_two_workers_is_given_up_and_the_rest_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KNOCKOUT_WORKERS", "1")
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    stop = threading.Event()

    def keep_killing() -> None:
        """End each worker once it trains: it uses the processor."""
        while not stop.wait(0.02):
            for child in psutil.Process().children(recursive=True):
                try:
                    if "spawn_main" in " ".join(child.cmdline()) and any(
                        path.path.endswith("labels.npy") for path in child.memory_maps()
                    ):
                        child.kill()
                except psutil.Error:
                    continue

    threading.Thread(target=keep_killing, daemon=True).start()
    results = []
    with executor_for(RunSettings(executor="dask")) as execute:
        for result in execute(specs(epochs=300)):
            results.append(result)
            stop.set()
    assert results[0].status == "failed"
    assert "its Dask worker died 2 times" in results[0].reason
    assert {r.status for r in results[1:]} == {"ok"}
    assert len(results) == len(specs())


@pytest.mark.fault
def test_a_scheduler_that_goes_away_is_one_line(tmp_path: Path) -> None:
    with (
        real_cluster(tmp_path) as (address, (scheduler, *_)),
        pytest.raises(StudyError, match="the Dask scheduler went away"),
    ):
        for _ in run_on_dask(specs(epochs=150), address=address, workers=1):
            scheduler.kill()


def edited(checkout: Path) -> None:
    """Let the worker compute something else."""
    path = checkout / "nn" / "layers" / "dense.py"
    path.write_text(f"{path.read_text('utf-8')}\nOLDER = True\n", "utf-8")


def older(checkout: Path) -> None:
    """Let the worker know nothing of what it is asked."""
    (checkout / "pipeline" / "study" / "executors" / "task.py").unlink()


def changed(checkout: Path, change: Callable[[Path], None]) -> None:
    """Lay out another version of the four packages."""
    for package in ("nn", "data_loaders", "experiments", "pipeline"):
        shutil.copytree(ROOT / package, checkout / package)
    change(checkout)


@pytest.mark.fault
def test_a_scheduler_of_another_version_is_one_line(tmp_path: Path) -> None:
    changed(tmp_path, older)
    with (
        real_cluster(tmp_path, scheduled_by=tmp_path) as (address, _),
        pytest.raises(
            StudyError, match=r"the Dask scheduler tcp://.*ModuleNotFoundError"
        ) as caught,
    ):
        list(run_on_dask(specs(), address=address, workers=1))
    assert "\n" not in str(caught.value)


@pytest.mark.fault
@pytest.mark.parametrize("after_s", [0, 5], ids=["from the start", "later"])
@pytest.mark.parametrize(
    ("change", "words"), [(edited, "another source than the plan"), (older, "ModuleNotFoundError")]
)
def test_a_worker_of_another_version_is_one_line_or_gone_and_fails_no_run(
    tmp_path: Path, change: Callable[[Path], None], words: str, after_s: float
) -> None:
    """One that comes later may be handed the first run, which waits for whoever comes."""
    changed(tmp_path, change)
    arrived: list[RunResult] = []
    with real_cluster(tmp_path, (tmp_path, ROOT), after_s=after_s) as (address, _):
        try:
            arrived.extend(run_on_dask(specs(epochs=100, replicates=4), address=address, workers=1))
        except StudyError as error:
            assert re.fullmatch(f"the Dask worker tcp://.* must have .*{words}.*", str(error))
        else:
            # A worker that cannot read what it is handed ends by itself; the other took over.
            assert change is older
            assert len(arrived) == len(specs(epochs=100, replicates=4))
    assert {result.status for result in arrived} <= {"ok"}


class Cut:
    """A future whose scheduler dies while it is asked for the result."""

    def exception(self) -> None:
        return None

    def result(self) -> None:
        raise CommClosedError("in <TCP (closed)>: Connection reset by peer")


class Broken(Cut):
    """A future of a run that met a fault of its own machine's disk."""

    def exception(self) -> OSError:  # type: ignore[override]
        return OSError("no space left")


def test_a_scheduler_that_dies_while_it_is_asked_is_one_line_too() -> None:
    with pytest.raises(StudyError, match="the Dask scheduler went away"):
        _outcome(Cut(), specs()[0])


def test_an_error_of_a_run_is_its_own_and_the_study_goes_on() -> None:
    result = _outcome(Broken(), specs()[0])
    assert (result.status, result.reason) == ("failed", "OSError: no space left")


def test_a_study_that_stops_leaves_no_worker_behind() -> None:
    """A local cluster ends with the iterator, used up or not."""
    before = set(psutil.Process().children(recursive=True))
    results = run_on_dask(specs(), address="", workers=1)
    next(results)
    results.close()  # type: ignore[attr-defined]
    time.sleep(0.5)
    left = {
        child
        for child in set(psutil.Process().children(recursive=True)) - before
        if "spawn_main" in " ".join(child.cmdline())
    }
    assert not left
