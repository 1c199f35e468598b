"""A study on a user's own dataset, from its path to the report."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.stages import champion_stage, data_stage, report_stage, train_stage
from pipeline.study.dataset_card import draw_up
from pipeline.study.executors import task
from pipeline.study.planning.status import plan_lines, status_lines
from pipeline.study.project import Project, open_project

PARAMS = """
study:
  datasets: {digits: , letters: ./my/letters.npz}
  design: add_one_in
  replicates: 2
  factors: {dropout: {off: 0, on: 0.2}}
  recipe: {hidden: [8], epochs: 1, learning_rate: 0.1}
  overrides: {letters: {epochs: 2}}
  margins: {letters: 2.0}
  tune: {per: []}
run: {executor: EXECUTOR}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KNOCKOUT_CACHE", str(tmp_path / "cache"))
    rng = np.random.default_rng(0)
    labels = (np.arange(240) % 3).astype(np.uint8)
    images = (rng.integers(0, 60, (240, 5, 4)) + 60 * labels[:, None, None]).astype(np.uint8)
    (tmp_path / "my").mkdir()
    np.savez(tmp_path / "my" / "letters.npz", images=images, labels=labels)
    return tmp_path


def project(root: Path, executor: str = "in-process") -> Project:
    (root / "params.yaml").write_text(PARAMS.replace("EXECUTOR", executor))
    return open_project(root)


def test_it_goes_the_way_of_every_dataset(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")  # the path is the project's, not the working directory's
    # Digits in this process, the user's own in workers.
    for name, executor in (("digits", "in-process"), ("letters", "processes")):
        own = project(root, executor)
        data_stage.run(own, name)
        train_stage.run(own, name)
    runs = pd.read_parquet(root / "results/letters/runs.parquet")
    assert set(runs["status"]) == {"ok"}
    assert set(runs["epochs"]) == {2}
    assert set(runs["dataset"]) == {"letters"}
    assert any("letters: evaluation 6 runs, 6 stored" in line for line in plan_lines(own))
    assert "letters: evaluation 6 runs, 6 stored, 0 to train" in list(status_lines(own))
    champion_stage.run(own, "letters")
    assert (root / "results/letters/champion").is_dir()
    page = report_stage.run(own)
    table = pd.read_csv(root / "results" / "comparison.csv")
    assert set(table["dataset"]) == {"digits", "letters"}
    assert "letters" in page.read_text()


def test_its_card_says_what_it_is(root: Path) -> None:
    card = draw_up(project(root), "letters")
    assert (card.name, card.n_train, card.n_test) == ("letters", 240, 0)
    assert (card.image_shape, card.class_names) == ((5, 4), ("0", "1", "2"))


def test_results_outlive_the_data_that_they_were_made_of(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = project(root)
    before = data_stage.run(own, "letters")
    (root / "results/letters/runs.parquet").touch()
    (root / "my/letters.npz").unlink()
    assert data_stage.run(own, "letters") == before
    assert "The stored results of letters stay." in capsys.readouterr().err


def test_a_lost_cache_leaves_the_runs_out_and_says_what_to_do(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = project(root)
    data_stage.run(own, "letters")
    shutil.rmtree(root / "cache")
    task._dataset.cache_clear()
    train_stage.run(own, "letters")
    runs = pd.read_parquet(root / "results/letters/runs.parquet")
    assert runs.empty
    assert "Run `knockout stage data letters`" in capsys.readouterr().err
