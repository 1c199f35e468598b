"""What a stage leaves and says at its end: an index, how much around the runs, which failed."""

from dataclasses import replace
from pathlib import Path

import pytest

from experiments.design.study import parse_study
from experiments.run.result import RunResult
from pipeline.stages import data_stage, train_stage
from pipeline.study.executors.task import failed
from pipeline.study.project import Project, open_project
from pipeline.study.running.train_missing import Tally, failure_lines, overhead
from pipeline.study.settings import parse_settings
from pipeline.study.store.run_store import RunStore
from pipeline.study.store.stored_runs import stored_runs
from tests.plans import planned

STUDY = parse_study(
    {"datasets": ["digits"], "factors": {"dropout": [0, 0.2]}, "recipe": {"learning_rate": 0.1}}
)
SPECS = planned(STUDY, {}, content="hash")


def result(reason: str = "", *, cpu: float = 0.0, wall: float = 0.0) -> RunResult:
    made = failed(SPECS[0], reason)
    if reason:
        return made
    return replace(made, status="ok", metrics={"fit_cpu_s": cpu, "fit_wall_s": wall})


def tally(results: list[RunResult]) -> Tally:
    found = Tally()
    for each in results:
        found.add(each)
    return found


def project(executor: str = "processes", declared: str | None = None) -> Project:
    return Project(Path(), STUDY, parse_settings({"run": {"executor": executor}}), declared)


def test_the_factor_is_that_of_waiting_times_that_of_all_around(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten runs of 2 CPU s in 2.2 s each on two workers fill 11 s; the stage took 12."""
    monkeypatch.setenv("KNOCKOUT_WORKERS", "2")
    runs = tally([result(cpu=2.0, wall=2.2)] * 10)
    assert overhead("train digits", runs, 12.0, 0.7, project()) == (
        "train digits: 10 runs in 12.0 s; 20.0 CPU s of training on 2 workers, 0.7 of storing and "
        "tracking: wall / (CPU / workers) = 1.20, of which waiting for a processor 1.10, all "
        "around the runs 1.09"
    )
    alone = overhead("train digits", runs, 24.0, 0.7, project("in-process"))
    assert "on 1 workers" in alone
    assert "= 1.20, of which" in alone


def test_a_moment_says_nothing_about_overhead() -> None:
    line = overhead("tune digits", tally([result(cpu=0.1, wall=0.1)]), 1.0, 0.1, project())
    assert line == "tune digits: 1 runs in 1.0 s; 0.1 CPU s of training"


def test_failed_runs_are_counted_and_what_tries_them_again_is_named() -> None:
    assert list(failure_lines("train digits", "digits", tally([result()]), project())) == []
    runs = tally([result(), *[result("memory ran out")] * 2, result("signal 9")])
    (line,) = failure_lines("train digits, look 1 of 2", "digits", runs, project())
    assert line == (
        "train digits, look 1 of 2: 3 runs failed; 2 of them: memory ran out. "
        "`dvc repro -f -s train@digits` tries them again."
    )
    (beside,) = failure_lines("train digits", "digits", runs, project(declared="lion"))
    assert "`knockout run --study lion` tries them again" in beside


def test_what_was_trained_is_indexed_and_never_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "params.yaml").write_text(
        "study: {datasets: [digits], factors: {optimizer: [sgd, adam]}, tune: {trials: 2}, "
        "recipe: {hidden: [8], epochs: 1}}\nrun: {executor: in-process}\n"
    )
    own = open_project(tmp_path)
    data_stage.run(own, "digits")
    train_stage.run(own, "digits")
    reads: list[str] = []
    monkeypatch.setattr(RunStore, "get", lambda _, key: reads.append(key))
    assert len(stored_runs(own.store)) == (2 + 1) * (2 + 1) * 5
    assert reads == []
