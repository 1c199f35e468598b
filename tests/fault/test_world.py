"""A world that is not as a program likes it: the study goes on, or one line says why not."""

import csv
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]
PARAMS = """
study:
  datasets: [digits]
  replicates: 2
  factors: {dropout: [0, 0.2]}
  recipe: {hidden: [8], epochs: 2, batch_size: 32, learning_rate: 0.1}
"""
STAGES = ("data", "train")
# The tests of a suite track nothing unless they say so.
TRACKED = {"MLFLOW_TRACKING_URI": ""}
# What MLflow's pages show; what is deleted stays in the database.
SHOWN = "select artifact_uri from runs where lifecycle_stage = 'active'"
# A day back, as after a wrong time zone or a dead battery.
CLOCK_BACK = """
import time
now, now_ns = time.time, time.time_ns
time.time = lambda: now() - 86_400
time.time_ns = lambda: now_ns() - 86_400 * 10**9
"""
# What a network disk without a lock service answers.
NO_LOCKS = """
import errno, fcntl

def refused(*_):
    raise OSError(errno.ENOLCK, "No locks available")

fcntl.flock = refused
"""
# As a graphical toolkit in a user's own module does it: C's numbers have commas from here on.
USERS_LOCALE = """
import locale
locale.setlocale(locale.LC_ALL, "")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "params.yaml").write_text(PARAMS, "utf-8")
    return folder


def begin(
    folder: Path, *words: str, site: str = "", umask: int = -1, **variables: str
) -> subprocess.Popen[str]:
    """Start a command in a process of its own, with Python changed by `site`."""
    changed = folder.parent / "site"
    changed.mkdir(exist_ok=True)
    (changed / "sitecustomize.py").write_text(site, "utf-8")
    given = {"PYTHONPATH": f"{changed}:{ROOT}", "KNOCKOUT_WORKERS": "2"} | variables
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", *words],
        cwd=folder,
        env={name: value for name, value in {**os.environ, **given}.items() if value},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        # A terminal of another language gets its own letters.
        errors="replace",
        umask=umask,
    )


def said(process: subprocess.Popen[str], code: int = 0) -> str:
    """Return what a command printed, once it has ended as expected."""
    printed = "".join(process.communicate(timeout=120))
    assert process.returncode == code, printed
    assert "Traceback" not in printed
    return printed


def train(folder: Path, **how: str) -> str:
    return "".join(said(begin(folder, "stage", stage, "digits", **how)) for stage in STAGES)


def stored(folder: Path) -> dict[str, int]:
    """Return every stored run and when its file was made."""
    return {p.stem: p.stat().st_mtime_ns for p in (folder / ".knockout/runs").glob("??/*.run")}


def test_a_project_that_moved_or_is_reached_through_a_link_is_the_same_study(
    project: Path, tmp_path: Path
) -> None:
    train(project)
    said(begin(project, "sync", **TRACKED))
    before = stored(project)
    moved = project.rename(tmp_path / "mo ved ü'#x")
    assert "6 stored, 0 to train" in said(begin(moved, "status"))
    said(begin(moved, "sync", **TRACKED))
    with closing(sqlite3.connect(moved / "mlflow.db")) as connection:
        uris = [uri for (uri,) in connection.execute(SHOWN)]
    assert uris
    assert not [uri for uri in uris if str(project) in uri]
    link = tmp_path / "link"
    link.symlink_to(moved)
    assert "0 created, 9 present, 0 replaced, 0 removed" in said(begin(link, "sync", **TRACKED))
    assert stored(moved) == before


def test_results_deleted_by_hand_come_back_without_training(project: Path) -> None:
    train(project)
    before = stored(project)
    shutil.rmtree(project / "results")
    assert "`knockout report` draws them" in said(begin(project, "show"), 2)
    assert "there are none" in said(begin(project, "report"), 2)
    train(project)
    assert stored(project) == before
    assert (project / "results/digits/runs.parquet").exists()


def test_a_clock_that_went_back_loses_nothing_and_trains_nothing_again(project: Path) -> None:
    train(project)
    said(begin(project, "sync", **TRACKED))
    before = stored(project)
    (project / "params.yaml").write_text(PARAMS.replace("replicates: 2", "replicates: 3"), "utf-8")
    train(project, site=CLOCK_BACK)
    after = stored(project)
    assert after.items() > before.items()
    assert len(after) == 9
    for _ in range(2):
        printed = said(begin(project, "sync", site=CLOCK_BACK, **TRACKED))
    assert "0 created, 12 present, 0 replaced, 0 removed" in printed


def test_two_studies_at_once_in_one_project_train_each_run_once(project: Path) -> None:
    said(begin(project, "stage", "data", "digits"))
    both = [begin(project, "stage", "train", "digits") for _ in range(2)]
    printed = [said(process) for process in both]
    assert sum("6 runs in" in text for text in printed) == 1
    assert len(stored(project)) == 6


def test_a_lock_file_that_a_dead_process_left_holds_nobody_up(project: Path) -> None:
    lock = project / ".knockout/runs/lock"
    lock.parent.mkdir(parents=True)
    lock.write_text("12345", "utf-8")
    assert "waiting" not in train(project)
    assert len(stored(project)) == 6


def test_a_disk_that_cannot_lock_is_one_line(project: Path) -> None:
    said(begin(project, "stage", "data", "digits"))
    printed = said(begin(project, "stage", "train", "digits", site=NO_LOCKS), 1)
    assert printed.count("\n") == 1
    assert printed.startswith("knockout: run store: ")
    assert "No locks available. Set KNOCKOUT_STORE to a folder on a local disk." in printed


def test_a_store_that_cannot_be_written_is_one_line(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    said(begin(project, "stage", "data", "digits"))
    store = str(tmp_path / "file" / "runs")
    printed = said(begin(project, "stage", "train", "digits", KNOCKOUT_STORE=store), 1)
    assert printed.count("\n") == 1
    assert f"run store: {store} must be a folder that can be written" in printed


def test_a_tilde_is_the_home_folder(project: Path, tmp_path: Path) -> None:
    train(project, KNOCKOUT_STORE="~/runs", HOME=str(tmp_path))
    assert len(list((tmp_path / "runs").glob("??/*.run"))) == 6
    assert not (project / "~").exists()


def test_a_cache_that_cannot_be_written_or_is_deleted_costs_a_warning_at_most(
    project: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    printed = train(project, KNOCKOUT_CACHE=str(tmp_path / "file" / "cache"))
    warned = [line for line in printed.splitlines() if line.startswith("warning: ")]
    assert warned
    assert all("must be writable to keep digits" in line for line in warned)
    cache = tmp_path / "cache"
    said(begin(project, "stage", "data", "digits", KNOCKOUT_CACHE=str(cache)))
    shutil.rmtree(cache)
    (project / "params.yaml").write_text(PARAMS.replace("replicates: 2", "replicates: 3"), "utf-8")
    said(begin(project, "stage", "train", "digits", KNOCKOUT_CACHE=str(cache)))
    assert len(stored(project)) == 9


def test_without_a_home_and_with_files_for_oneself_alone(project: Path) -> None:
    for stage in STAGES:
        said(begin(project, "stage", stage, "digits", umask=0o077, HOME="", XDG_CACHE_HOME=""))
    for path in (project / "results/digits").iterdir():
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_windows_line_endings_are_lines(project: Path) -> None:
    (project / "params.yaml").write_bytes(PARAMS.replace("\n", "\r\n").encode())
    assert "params.yaml is valid" in said(begin(project, "check"))


def languages(folder: Path) -> dict[str, dict[str, str]]:
    """Return the environments of two languages of comma decimals, one not in UTF-8, and of C."""
    found = {"C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}}
    if shutil.which("localedef") is None:
        return found
    for codes in ("UTF-8", "ISO-8859-1"):
        made = folder / f"de_DE.{codes}"
        command = ["localedef", "-i", "de_DE", "-f", codes, str(made)]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            found[codes] = {"LC_ALL": made.name, "LOCPATH": str(folder), "PYTHONUTF8": "0"}
    return found


@pytest.mark.timeout(900)
def test_in_every_language_the_study_is_the_same(project: Path, tmp_path: Path) -> None:
    (tmp_path / "languages").mkdir()
    text = PARAMS.replace("dropout: [0, 0.2]", "size: {kleın: {}, größer: {hidden: [16]}}")
    (project / "params.yaml").write_text(text, "utf-8")
    known = languages(tmp_path / "languages")
    for number, environment in enumerate(known.values(), start=2):
        (project / "params.yaml").write_text(
            text.replace("replicates: 2", f"replicates: {number}"), "utf-8"
        )
        before = stored(project)
        printed = train(project, site=USERS_LOCALE, **environment)
        assert "Error in sitecustomize" not in printed
        assert stored(project).items() >= before.items()
        assert len(stored(project)) == 3 * number
    for environment in ({}, *known.values()):
        assert "0 to train" in said(begin(project, "status", site=USERS_LOCALE, **environment))
    hardest = list(known.values())[-1]
    said(begin(project, "report", site=USERS_LOCALE, **hardest))
    with (project / "results/comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert any("größer" in row["size"] for row in rows)
    assert all(0 < float(row["mean_accuracy"]) <= 100 for row in rows if row.get("mean_accuracy"))
