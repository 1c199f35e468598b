"""What a study may use of a machine: affinity and control groups count."""

import os
from pathlib import Path

import psutil
import pytest

from experiments.errors import StudyError
from pipeline.study import machine
from pipeline.study.settings import RunSettings


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch):
    """Return a setter of the limits that control groups state."""

    def state(**files: list[str]) -> None:
        monkeypatch.setattr(machine, "_limits", lambda name: files.get(name.split(".")[0], []))

    return state


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity here")
def test_a_process_bound_to_one_processor_has_one(limits) -> None:
    limits()
    whole = os.sched_getaffinity(0)
    assert machine.cores() == len(whole)
    os.sched_setaffinity(0, {min(whole)})
    try:
        assert machine.cores() == 1
    finally:
        os.sched_setaffinity(0, whole)


def test_the_tightest_group_counts(limits) -> None:
    limits(cpu=["150000 100000"], memory=["2000000000", "1000000000"])
    assert machine.cores() == 1
    assert machine.memory() == 1_000_000_000
    limits(cpu=["50000 100000"])
    assert machine.cores() == 1
    assert machine.memory() == psutil.virtual_memory().total


def test_groups_above_count_and_no_limit_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path("/proc/self/cgroup")
    if not own.exists():
        pytest.skip("no control groups here")
    inner = tmp_path / own.read_text().rpartition("::")[2].strip().lstrip("/")
    inner.mkdir(parents=True, exist_ok=True)
    (inner / "cpu.max").write_text("max 100000\n")
    monkeypatch.setattr(machine, "_GROUPS", tmp_path)
    assert machine._limits("cpu.max") == []
    (inner / "cpu.max").write_text("100000 100000\n")
    assert machine._limits("cpu.max") == ["100000 100000"]


def test_workers_follow_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOCKOUT_WORKERS", "7")
    assert machine.workers_of(RunSettings()) == 7
    assert machine.workers_of(RunSettings(executor="in-process")) == 1
    for named in ("none", "0", "-1"):
        monkeypatch.setenv("KNOCKOUT_WORKERS", named)
        with pytest.raises(StudyError, match=f"must be a whole number from 1; got '{named}'"):
            machine.workers_of(RunSettings())
