"""The stage `time` on a tiny real study."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from pipeline.stages import data_stage, time_stage
from pipeline.study.project import Project, open_project
from pipeline.study.settings import parse_settings
from pipeline.study.timing.measure_steps import measure

PARAMS = """
study:
  datasets: [digits]
  replicates: 2
  factors:
    optimizer: [sgd, adam]
    augmentation: {{off: none, on: {{elastic: {{}}}}}}
  recipe: {{hidden: [8], batch_size: 128, epochs: 1, learning_rate: 0.01}}
time: {{processes: 5, rounds: {rounds}}}
run: {{executor: in-process}}
"""


def project(root: Path, rounds: int = 2) -> Project:
    (root / "params.yaml").write_text(PARAMS.format(rounds=rounds))
    own = open_project(root)
    data_stage.run(own, "digits")
    return own


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("timed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time_stage, "measure", partial(measure, burst_s=2e-4))
        time_stage.run(project(root), "digits")
    return root


@pytest.fixture
def timed(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_the_table_holds_every_level_and_the_controls(timed: Path) -> None:
    table = pd.read_csv(timed / "results/digits/step_cost.csv")

    assert list(zip(table["component"], table["level"], strict=True)) == [
        ("optimizer", "adam"),
        ("augmentation", "on"),
        ("A/A control", "baseline"),
        ("all components together", "adam+augmentation"),
    ]
    assert (table["n_processes"] == 5).all()
    assert (table["n_rounds"] == 10).all()
    assert (table["ci_low"] < table["ratio"]).all()
    assert (table["ratio"] < table["ci_high"]).all()
    costs = table.set_index("component")["ratio"]
    # An elastic distortion of 128 images takes many times what this network's step takes.
    assert costs["augmentation"] > 2
    assert costs["all components together"] > 2
    assert 0.5 < costs["A/A control"] < 2


def test_an_undisturbed_measurement_of_the_same_is_kept(
    timed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = timed / "results/digits/step_cost.csv"
    pd.read_csv(path).assign(disturbed=False).to_csv(path, index=False)
    before, asked = path.read_bytes(), []

    def measured(*arguments: object, **named: object) -> pd.DataFrame:
        asked.append(arguments)
        raise RuntimeError("measured again")

    monkeypatch.setattr(time_stage, "measure", measured)
    time_stage.run(project(timed), "digits")
    assert (path.read_bytes(), asked) == (before, [])

    with pytest.raises(RuntimeError, match="again"):
        time_stage.run(project(timed, rounds=3), "digits")
    pd.read_csv(path).assign(disturbed=True).to_csv(path, index=False)
    with pytest.raises(RuntimeError, match="again"):
        time_stage.run(project(timed), "digits")


def test_the_store_is_locked_while_it_measures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    own = project(tmp_path)
    seen = []

    def measured(*arguments: object, **named: object) -> pd.DataFrame:
        with (own.store.root / "lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                seen.append("locked")
        raise RuntimeError("enough")

    monkeypatch.setattr(time_stage, "measure", measured)
    with pytest.raises(RuntimeError, match="enough"):
        time_stage.run(own, "digits")
    assert seen == ["locked"]


def test_a_dataset_that_cannot_be_had_leaves_an_empty_table(tmp_path: Path) -> None:
    from pipeline.results.tables.analyse import load_results
    from pipeline.study.dataset_card import read_card, write_card

    own = project(tmp_path)
    card = tmp_path / "results/digits/dataset.json"
    write_card(replace(read_card(card), available=False, reasons=("offline",)), card)

    time_stage.run(own, "digits")

    assert (tmp_path / "results/digits/step_cost.csv").read_text().startswith("component,level,")
    assert load_results(own.results(), own.study, {"digits": 0}).step_cost.empty


def test_timing_can_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = parse_settings({"time": {"processes": 0}})
    own = replace(project(tmp_path), settings=settings)
    monkeypatch.delattr(time_stage, "measure")

    time_stage.run(own, "digits")

    assert len(pd.read_csv(tmp_path / "results/digits/step_cost.csv")) == 0
