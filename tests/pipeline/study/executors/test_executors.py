"""Executors: same run, same bytes; a worker that dies takes one run with it at most."""

import contextlib
import threading
from collections.abc import Iterator

import psutil
import pytest

from data_loaders.datasets import Dataset
from data_loaders.load import load
from experiments.design.study import parse_study
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.executors.executor import ProcessPool, run_in_process
from tests.plans import planned


def specs(epochs: int = 1, replicates: int = 2) -> list[RunSpec]:
    study = parse_study(
        {
            "datasets": ["digits"],
            "replicates": replicates,
            "factors": {"dropout": [0, 0.2]},
            "recipe": {"hidden": [8], "epochs": epochs, "learning_rate": 0.1},
            "tune": {"per": []},
        }
    )
    return planned(study, {}, content=load("digits").content_hash)


def run_in_processes(specs: list[RunSpec], *, workers: int) -> Iterator[RunResult]:
    with contextlib.closing(ProcessPool(workers)) as pool:
        yield from pool(specs)


def test_processes_and_this_process_give_the_same_bytes() -> None:
    one = {r.run_key: r.parameters_sha256 for r in run_in_process(specs())}
    two = {r.run_key: r.parameters_sha256 for r in run_in_processes(specs(), workers=2)}
    assert one == two


def test_workers_train_with_one_blas_thread() -> None:
    results = list(run_in_processes(specs()[:1], workers=1))
    assert results[0].environment["blas_threads"] == "1"


def test_an_exception_becomes_a_failed_result_that_says_why() -> None:
    from dataclasses import replace

    changed = replace(specs()[0], content_hash="other")
    (result,) = run_in_processes([changed], workers=1)
    assert result.status == "failed"
    assert "must be in the data cache" in result.reason


@pytest.mark.parametrize(("times", "status"), [(1, "ok"), (2, "failed")])
def test_a_run_whose_memory_runs_out_is_tried_once_more(
    monkeypatch: pytest.MonkeyPatch, times: int, status: str
) -> None:
    from pipeline.study.executors import task

    real, calls = task.execute, []

    def short(spec: RunSpec, dataset: Dataset) -> RunResult:
        calls.append(spec.run_key)
        if len(calls) <= times:
            raise MemoryError("Unable to allocate 1.00 TiB")
        return real(spec, dataset)

    monkeypatch.setattr(task, "execute", short)
    first, second = run_in_process(specs()[:2])
    assert first.status == status
    assert calls.count(first.run_key) == 2
    assert first.reason == "" or first.reason == (
        "memory ran out, 2 times: Unable to allocate 1.00 TiB"
    )
    assert second.status == "ok"


def _children() -> list[psutil.Process]:
    """Return the living workers; one that ends meanwhile is none."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
    return found


@pytest.mark.fault
def test_a_run_that_always_kills_its_worker_is_given_up_and_the_rest_go_on() -> None:
    stop = threading.Event()
    wanted = specs(epochs=400)

    def keep_killing() -> None:
        while not stop.wait(0.05):
            for child in _children():
                with contextlib.suppress(psutil.Error):
                    child.kill()

    killer = threading.Thread(target=keep_killing, daemon=True)
    killer.start()
    results = []
    for result in run_in_processes(wanted, workers=1):
        results.append(result)
        stop.set()
    assert results[0].status == "failed"
    assert "signal 9, 2 times" in results[0].reason
    assert {r.status for r in results[1:]} == {"ok"}
    assert len(results) == len(wanted)
