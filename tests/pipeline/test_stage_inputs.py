"""Stages called by hand, too early or for a dataset that there is not: one line, no traceback."""

import re
import sys
from pathlib import Path

import pandas as pd
import pytest

from pipeline import cli

PARAMS = """
study:
  datasets: [digits]
  replicates: 1
  factors: {optimizer: [sgd, adam]}
  recipe: {hidden: [8], batch_size: 128, epochs: 1}
  tune: {trials: 1}
run: {executor: in-process}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(PARAMS)
    return tmp_path


@pytest.fixture
def knockout(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Return a call of the command line: its exit code and its lines on the terminal."""

    def call(*words: str) -> tuple[object, list[str]]:
        monkeypatch.setattr(sys, "argv", ["knockout", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, capsys.readouterr().err.strip().splitlines()

    return call


@pytest.mark.parametrize(
    ("stage", "first"),
    [("train", "data"), ("time", "data"), ("champion", "data"), ("sync", "data")],
)
def test_a_stage_names_the_one_that_comes_before_it(root, knockout, stage, first) -> None:
    code, lines = knockout("stage", stage, "digits")
    assert code == 2
    assert lines == [
        f"knockout: `knockout stage {stage} digits` needs digits/dataset.json, which does not "
        f"exist. Run `knockout stage {first} digits` first."
    ]


def test_each_stage_s_input_is_asked_for(root, knockout) -> None:
    said = ["data digits: fetched and verified, unless it is in the cache"]
    assert knockout("stage", "data", "digits") == (0, said)
    said = knockout("stage", "champion", "digits")[1][0]
    assert "Run `knockout stage train digits` first" in said
    assert knockout("stage", "train", "digits")[0] == 0
    assert knockout("stage", "champion", "digits")[0] == 0


@pytest.mark.parametrize("stage", ["data", "train", "time", "champion", "sync"])
def test_an_unknown_dataset_is_refused_and_leaves_nothing(root, knockout, stage) -> None:
    code, lines = knockout("stage", stage, "digit")
    assert code == 2
    assert lines == [
        "knockout: 'digit' is an unknown dataset; the study has others. Known: digits; did you "
        "mean digits?"
    ]
    assert not (root / "results").exists()


def test_a_factor_level_that_is_new_is_tuned_and_trained_alone(root, knockout) -> None:
    knockout("stage", "data", "digits")
    knockout("stage", "train", "digits")
    (root / "params.yaml").write_text(PARAMS.replace("adam]", "adam, lion]"))
    code, lines = knockout("stage", "train", "digits")
    assert code == 0
    said = "\n".join(lines)
    assert "tune digits: 1 runs in" in said
    assert "train digits: 1 runs in" in said
    runs = pd.read_parquet(root / "results/digits/runs.parquet")
    assert set(runs["cell"]) == {"sgd", "adam", "lion", "placebo"}


def test_fail_fast_stops_at_the_first_failed_run_with_its_reason(
    root, knockout, monkeypatch
) -> None:
    from pipeline.study.executors import task

    def broken(spec, dataset):
        raise OSError("the disk is gone")

    knockout("stage", "data", "digits")
    monkeypatch.setattr(task, "execute", broken)
    code, lines = knockout("stage", "train", "digits", "--fail-fast")
    assert code == 1
    first = "knockout: digits baseline replicate 0 failed: "
    assert re.match(rf"{first}.*OSError: the disk is gone. What has finished is stored", lines[-1])
    assert not (root / "results/digits/tuning.parquet").exists()
    # Without it the study goes on, and says how these runs are tried again.
    code, lines = knockout("stage", "train", "digits")
    assert code == 0
    assert lines[-1].startswith("tune digits: 3 runs failed; 3 of them: ")
    assert lines[-1].endswith(
        "OSError: the disk is gone. `dvc repro -f -s train@digits` tries them again."
    )


def test_a_store_without_room_is_one_line_and_goes_on_once_there_is(
    root, knockout, small_disk, monkeypatch
) -> None:
    store = small_disk.folder / "runs"
    monkeypatch.setenv("KNOCKOUT_STORE", str(store))
    knockout("stage", "data", "digits")
    small_disk.leave(32_768)
    code, lines = knockout("stage", "train", "digits")
    assert code == 1
    assert re.fullmatch(
        r"knockout: \[Errno 28\] No space left on device; free some room and run again: what is "
        rf"stored is whole: '{store}/../[0-9a-f]+\.run'",
        lines[-1],
    )
    before = {path: path.stat().st_mtime_ns for path in store.glob("??/*.run")}
    assert before
    assert not list(store.glob("*/.*"))
    small_disk.clear()
    assert knockout("stage", "train", "digits")[0] == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
