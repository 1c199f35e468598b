"""A study on a disk that is full, with more and more room: one line each time, then it goes on."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import cli
from tests.fault.test_survival import statuses_in_mlflow, tables
from tests.small_disk import SmallDisk

pytestmark = [pytest.mark.fault, pytest.mark.timeout(900)]

PARAMS = """
study:
  datasets: [digits]
  replicates: {from: 2, to: 4}
  factors: {optimizer: [sgd, adam]}
  recipe: {hidden: [8], batch_size: 128, epochs: 1}
  tune: {trials: 2, per: [optimizer]}
run: {executor: in-process}
time: {processes: 0}
"""
STAGES = ("stage data digits", "stage train digits", "stage champion digits", "report")
# In bytes: a page of the disk, some runs, some tables, some figures, half a database, enough.
ROOM = [0, *(4096 * 2**i for i in (1, 2, 3, 4, 5, 6, 7, 8)), 2**24]
FULL = (
    r"knockout: \[Errno 28\] .*No space left on device; free some room and run again: what is "
    r"stored is whole: '(.+)'"
)
Knockout = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def knockout(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Knockout:
    """Return a call of the command line in a project: its exit code, and what it says."""

    def call(folder: Path, words: str) -> tuple[int, list[str]]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["knockout", *words.split()])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        printed = capfd.readouterr()
        return int(end.value.code or 0), (printed.out + printed.err).splitlines()

    return call


def half_written(folder: Path) -> list[Path]:
    """Return what a write that failed left beside its file; a lock and DVC's folder are neither."""
    return [path for path in folder.rglob(".*") if path.is_file()]


def test_however_much_room_there_is_the_study_ends_as_it_would_have(
    tmp_path: Path, small_disk: SmallDisk, knockout: Knockout
) -> None:
    """On the way it fails at a run, a table, a figure and the page."""
    whole, folder, failed = tmp_path / "whole", small_disk.folder, []
    whole.mkdir()
    for project in (whole, folder):
        (project / "params.yaml").write_text(PARAMS, "utf-8")
    for words in STAGES:
        assert knockout(whole, words)[0] == 0
        for room in ROOM:
            small_disk.leave(room)
            code, lines = knockout(folder, words)
            assert not half_written(folder)
            if code == 0:
                break
            assert code == 1
            found = re.fullmatch(FULL, lines[-1])
            assert found, lines
            failed.append(str(Path(found[1]).relative_to(folder)))
        assert code == 0
    for written in (
        r"\.knockout/runs/../.*\.run",
        r"results/digits/.*\.parquet",
        r"results/.*\.csv",
        r"reports/figures/.*",
        r"reports/index\.html",
    ):
        assert any(re.fullmatch(written, file) for file in failed), (written, failed)
    assert tables(folder) == tables(whole)


@pytest.mark.usefixtures("tracked")
def test_mlflow_without_room_is_one_line_and_the_next_sync_brings_every_run(
    small_disk: SmallDisk, knockout: Knockout
) -> None:
    """Before its database is there, and while runs and their files are written."""
    folder = small_disk.folder
    (folder / "params.yaml").write_text(PARAMS, "utf-8")
    for words in STAGES[:3]:
        assert knockout(folder, words)[0] == 0
    (folder / "mlflow.db").unlink(missing_ok=True)
    said = []
    for room in ROOM:
        small_disk.leave(room)
        code, lines = knockout(folder, "sync")
        if code == 0:
            break
        (line,) = lines
        said.append(line)
        assert line.startswith("MLflow tracking: ")
        assert line.endswith("Nothing is lost: `knockout sync` tries again.")
    assert code == 0
    assert any("the disk of the database is full; free some room" in line for line in said)
    assert statuses_in_mlflow(folder) == {"FINISHED"}
