"""Whatever ends a study, at whatever moment: the next call goes on to the same tables."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import psutil
import pytest

pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]
PARAMS = """
study:
  datasets: [digits]
  replicates: {from: 2, to: 4}
  factors:
    optimizer: [sgd, adam]
    dropout: [0, 0.2]
  recipe: {hidden: [32], epochs: 100, batch_size: 32}
  tune: {trials: 2, per: [optimizer]}
run: {executor: processes}
"""
FIXED = PARAMS.replace("batch_size: 32", "batch_size: 32, learning_rate: 0.1")
# Lets one worker end as if memory had run out, some time after it started.
OUT_OF_MEMORY = """
import os, sys, threading, time

def end(flag, delay):
    time.sleep(delay)
    try:
        os.unlink(flag)
    except OSError:
        return
    os._exit(137)

if "--multiprocessing-fork" in sys.argv and os.environ.get("TEST_FLAG"):
    arguments = (os.environ["TEST_FLAG"], float(os.environ["TEST_DELAY"]))
    threading.Thread(target=end, args=arguments, daemon=True).start()
"""
STAGES = ("data", "train")


def start(
    folder: Path, stage: str, dataset: str = "digits", **more: str
) -> subprocess.Popen[bytes]:
    """Start a stage in a process group of its own, as a terminal does."""
    path = {"PYTHONPATH": f"{folder / 'site'}:{ROOT}", "KNOCKOUT_WORKERS": "2"}
    with (folder / "said.txt").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "stage", stage, dataset],
            cwd=folder,
            env={**os.environ, **path, **more},
            stderr=said,
            start_new_session=True,
        )


def said(folder: Path) -> str:
    return (folder / "said.txt").read_text()


def complete(process: subprocess.Popen[bytes], folder: Path) -> None:
    assert process.wait(timeout=240) == 0, said(folder)


def prepare(folder: Path) -> Path:
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "sitecustomize.py").write_text(OUT_OF_MEMORY)
    (folder / "params.yaml").write_text(PARAMS)
    return folder


def finish(folder: Path) -> None:
    for stage in STAGES:
        complete(start(folder, stage), folder)


def tables(folder: Path) -> dict[str, bytes]:
    """Return looks and tables as bytes, wall and CPU times aside."""
    found = {"looks": (folder / "results" / "digits" / "looks.json").read_bytes()}
    for name in ("tuning", "runs", "history", "predictions"):
        table = pd.read_parquet(folder / "results" / "digits" / f"{name}.parquet")
        timed = [column for column in table if column.endswith("_s")]
        found[name] = table.drop(columns=timed).to_parquet()
    return found


def finished(folder: Path) -> dict[str, tuple[int, int]]:
    """Return every stored run and when its file was made."""
    runs = (folder / ".knockout" / "runs").glob("??/*.run")
    return {path.stem: ((stat := path.stat()).st_ino, stat.st_mtime_ns) for path in runs}


def statuses_in_mlflow(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "mlflow.db")) as connection:
        rows = connection.execute("select status from runs where lifecycle_stage = 'active'")
        return {status for (status,) in rows}


def workers_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    try:
        return [
            child
            for child in psutil.Process(process.pid).children(recursive=True)
            if "spawn_main" in " ".join(child.cmdline())
        ]
    except psutil.Error:
        return []


@pytest.fixture(scope="module", autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """A shell starts what it puts into the background deaf to Ctrl-C, and children inherit it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = prepare(tmp_path_factory.mktemp("whole"))
    finish(folder)
    return tables(folder)


def strike(kind: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Do one thing to a running stage and wait for what it leads to."""
    if kind == "worker":
        found = workers_of(process)
        if found:
            random.choice(found).kill()
    elif kind == "parent":
        orphans = workers_of(process)
        process.kill()
        process.wait()
        _, alive = psutil.wait_procs(orphans, timeout=15)
        assert not alive
    elif kind == "ctrl-c":
        orphans = workers_of(process)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert "what has finished is stored" in said(folder)
        assert "Traceback" not in said(folder)
        _, alive = psutil.wait_procs(orphans, timeout=15)
        assert not alive


def stored(folder: Path) -> int:
    return len(list((folder / ".knockout" / "runs").glob("??/*.run")))


def await_moment(process: subprocess.Popen[bytes], folder: Path, rng: random.Random) -> None:
    """Wait until some runs more are stored, and then a little."""
    goal = stored(folder) + rng.randint(0, 3)
    # Python ignores Ctrl-C until its own handlers are set; a stage has them with a worker.
    while process.poll() is None and (stored(folder) < goal or not workers_of(process)):
        time.sleep(0.01)
    time.sleep(rng.uniform(0, 0.3))
    assert process.poll() is None, "the stage was over before anything struck"


@pytest.mark.parametrize("kind", ["parent", "worker", "ctrl-c"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_at_random_moments(
    tmp_path: Path, uninterrupted: dict[str, bytes], kind: str, seed: int
) -> None:
    folder, rng = prepare(tmp_path / "broken"), random.Random(seed)
    complete(start(folder, "data"), folder)
    # A stage that lost a worker completes: there is nothing left to strike another time.
    for _ in range(1 if kind == "worker" else 4):
        process = start(folder, "train")
        await_moment(process, folder, rng)
        strike(kind, process, folder)
        if process.poll() is None:
            complete(process, folder)
    finish(folder)
    assert tables(folder) == uninterrupted


@pytest.mark.usefixtures("tracked")
def test_twenty_kills_lose_no_run_and_train_none_twice(
    tmp_path: Path, uninterrupted: dict[str, bytes]
) -> None:
    """At any moment: among imports, while runs arrive, while MLflow is written, at a decision."""
    folder, rng, whole = prepare(tmp_path / "broken"), random.Random(7), {}
    complete(start(folder, "data"), folder)
    for strikes in range(1, 21):
        process = start(folder, "train")
        goal = stored(folder) + 2
        time.sleep(rng.uniform(0, 2))
        # Every other time with some progress, lest the same start is killed twenty times.
        while strikes % 2 and stored(folder) < goal and process.poll() is None:
            time.sleep(0.01)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        now = finished(folder)
        assert now.items() >= whole.items(), "a finished run was lost, or trained again"
        whole = now
    assert strikes >= 10
    finish(folder)
    assert finished(folder).items() >= whole.items()
    assert tables(folder) == uninterrupted
    complete(start(folder, "sync"), folder)
    assert statuses_in_mlflow(folder) == {"FINISHED"}


@pytest.mark.parametrize("moment", [0.05, 0.2, 0.4, 0.7])
def test_killed_while_it_starts(
    tmp_path: Path, uninterrupted: dict[str, bytes], moment: float
) -> None:
    """Before there are workers: among imports, reading the plan, taking the lock."""
    folder = prepare(tmp_path / "broken")
    for stage in STAGES:
        process = start(folder, stage)
        time.sleep(moment)
        process.kill()
        process.wait()
        complete(start(folder, stage), folder)
    assert tables(folder) == uninterrupted


@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_whose_memory_ran_out(
    tmp_path: Path, uninterrupted: dict[str, bytes], seed: int
) -> None:
    folder, rng = prepare(tmp_path / "broken"), random.Random(seed)
    flag = tmp_path / "flag"
    complete(start(folder, "data"), folder)
    flag.touch()
    delay = str(round(rng.uniform(0.7, 1.5), 2))
    complete(start(folder, "train", TEST_FLAG=str(flag), TEST_DELAY=delay), folder)
    assert not flag.exists(), "no worker ended"
    assert tables(folder) == uninterrupted


def test_memory_that_always_runs_out_is_a_failed_run_and_is_tried_again_next_time(
    tmp_path: Path, uninterrupted: dict[str, bytes]
) -> None:
    folder = prepare(tmp_path / "broken")
    (folder / "params.yaml").write_text(FIXED)
    complete(start(folder, "data"), folder)
    # Each worker ends as soon as it has its first run.
    always = OUT_OF_MEMORY.replace("os.unlink(flag)", "pass")
    (folder / "site" / "sitecustomize.py").write_text(always)
    process = start(folder, "train", TEST_FLAG="x", TEST_DELAY="0.01", KNOCKOUT_WORKERS="4")
    complete(process, folder)
    runs = pd.read_parquet(folder / "results" / "digits" / "runs.parquet")
    assert set(runs["status"]) == {"failed"}
    assert runs["reason"].str.contains("exit code 137, 2 times").all()
    assert runs["test_accuracy"].isna().all()
    # Trials end so too: an arm of which none came through is not tuned, and so its runs say.
    (folder / "params.yaml").write_text(PARAMS)
    complete(start(folder, "train", TEST_FLAG="x", TEST_DELAY="0.01"), folder)
    runs = pd.read_parquet(folder / "results" / "digits" / "runs.parquet")
    assert set(runs["status"]) == {"not_tuned"}
    (folder / "site" / "sitecustomize.py").unlink()
    finish(folder)
    assert tables(folder) == uninterrupted


# Bounds each worker's address space, as a container or a batch system does.
SHORT_OF_MEMORY = """
import resource, sys

if "--multiprocessing-fork" in sys.argv:
    resource.setrlimit(resource.RLIMIT_AS, (2 * 10**9, 2 * 10**9))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="macOS knows no limit of address space")
def test_a_network_that_does_not_fit_into_memory_is_a_failed_run_and_the_rest_go_on(
    tmp_path: Path,
) -> None:
    folder = prepare(tmp_path / "large")
    text = PARAMS.replace("dropout: [0, 0.2]", "size: {small: {}, large: {hidden: [30000, 30000]}}")
    (folder / "params.yaml").write_text(text.replace("epochs: 100", "epochs: 1"))
    (folder / "site" / "sitecustomize.py").write_text(SHORT_OF_MEMORY)
    finish(folder)
    runs = pd.read_parquet(folder / "results" / "digits" / "runs.parquet")
    large = runs["size"] == "large"
    assert set(runs.loc[~large, "status"]) == {"ok"}
    assert set(runs.loc[large, "status"]) == {"failed"}
    said_so = runs.loc[large, "reason"].str.contains("memory ran out, 2 times: Unable to allocate")
    assert said_so.all()


def test_a_diverged_run_is_a_result_and_never_a_finished_training(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "diverging")
    text = PARAMS.replace("batch_size: 32", "batch_size: 32, learning_rate: 1.0e+30")
    (folder / "params.yaml").write_text(text)
    finish(folder)
    runs = pd.read_parquet(folder / "results" / "digits" / "runs.parquet")
    diverged = runs[runs["status"] == "diverged"]
    assert len(diverged)
    assert diverged["reason"].str.contains("the loss became").all()
    assert diverged[["diverged_epoch", "diverged_step"]].notna().all(axis=None)
    assert diverged["test_accuracy"].isna().all()
    complete(start(folder, "train"), folder)
    assert "runs in" not in said(folder)
