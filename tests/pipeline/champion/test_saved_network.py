"""The champion: the stored run's network, bit for bit, in a folder that others can read."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_loaders.load import load
from experiments.errors import StudyError
from pipeline.champion.sample_images import CONFUSED, SAMPLES, read_pictures
from pipeline.champion.saved_network import CARD, NETWORK, NONE, Champion, load_champion, sha256
from pipeline.results import scored_runs
from pipeline.stages import champion_stage, data_stage, train_stage
from pipeline.study.project import Project, open_project
from pipeline.study.store.run_tables import answers_in
from tests.pipeline.conftest import REAL


@pytest.fixture(scope="module")
def trained(real_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small real study with its champion."""
    root = tmp_path_factory.mktemp("project")
    return open_project(shutil.copytree(real_study, root, dirs_exist_ok=True))


@pytest.fixture
def folder(trained: Project, tmp_path: Path) -> Path:
    """A copy of the champion's folder that a test may spoil."""
    copy = tmp_path / "digits" / "champion"
    shutil.copytree(trained.results("digits") / "champion", copy)
    return copy


def stored_run(project: Project, key: str) -> pd.Series:
    runs = pd.read_parquet(project.results("digits") / "runs.parquet")
    return runs.set_index("run_key").loc[key]


def test_the_network_is_the_stored_runs_network(trained: Project, folder: Path) -> None:
    own = load_champion(folder)
    run = stored_run(trained, own.card.run_key)
    assert sha256(own.network) == run["parameters_sha256"] == own.card.parameters_sha256
    assert own.card.cell == run["cell"]
    assert own.card.val_accuracy == run["val_accuracy"]
    assert own.card.learning_rate == 0.1


def test_it_answers_as_the_stored_run_did(trained: Project, folder: Path) -> None:
    own = load_champion(folder)
    table = pd.read_parquet(trained.results("digits") / "predictions.parquet")
    row = table.set_index("run_key").loc[own.card.run_key]
    labels, outputs = answers_in(row)
    index = np.frombuffer(row["test_index"], np.int64)
    probabilities = own.probabilities(load("digits").x[index])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), outputs.argmax(axis=1))
    assert np.mean(outputs.argmax(axis=1) == labels) == pytest.approx(own.card.test_accuracy)


def test_making_it_twice_gives_the_same_bytes(trained: Project, folder: Path) -> None:
    champion_stage.run(trained, "digits")
    for path in folder.iterdir():
        again = trained.results("digits") / "champion" / path.name
        assert again.read_bytes() == path.read_bytes(), path.name
        assert again.stat().st_mode & 0o777 == 0o644


def test_the_pictures_are_the_datasets_own(folder: Path) -> None:
    pictures, images = read_pictures(folder), load("digits").x
    assert 0 < len(pictures.confused) <= CONFUSED
    np.testing.assert_array_equal(pictures.confused, images[pictures.confused_index])
    assert pictures.originals.shape == pictures.augmented.shape == (SAMPLES, 8, 8)
    assert not np.array_equal(pictures.originals, pictures.augmented)
    assert pictures.augmentation == "shift (max_shift 1)"


def test_a_network_of_another_run_is_not_kept_and_the_place_says_why(
    trained: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    original = scored_runs.read_table

    def altered(path: Path) -> pd.DataFrame:
        table = original(path)
        return table.assign(parameters_sha256="0" * 64) if "parameters_sha256" in table else table

    monkeypatch.setattr(scored_runs, "read_table", altered)
    assert champion_stage.run(trained, "digits") is None
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    folder = trained.results("digits") / "champion"
    assert [path.name for path in folder.iterdir()] == [NONE]
    assert "must be the network of run" in (folder / NONE).read_text()
    assert said[0].removeprefix("no champion: ") == (folder / NONE).read_text().strip()
    monkeypatch.undo()
    champion_stage.run(trained, "digits")


def test_a_table_of_another_plan_is_refused(trained: Project) -> None:
    (trained.root / "params.yaml").write_text(REAL.replace("hidden: [16]", "hidden: [17]"))
    other = open_project(trained.root)
    with pytest.raises(StudyError, match="is not planned"):
        champion_stage.run(other, "digits")
    (trained.root / "params.yaml").write_text(REAL)
    champion_stage.run(trained, "digits")


def test_without_a_finished_run_the_folder_says_why(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(REAL)
    project = open_project(tmp_path)
    data_stage.run(project, "fashion_mnist")
    train_stage.run(project, "fashion_mnist")
    stale = project.results("fashion_mnist") / "champion" / CARD
    stale.parent.mkdir()
    stale.write_text("{}")
    assert champion_stage.run(project, "fashion_mnist") is None
    assert [path.name for path in stale.parent.iterdir()] == [NONE]
    with pytest.raises(StudyError, match=r"no champion: fashion_mnist is not part of the study\."):
        load_champion(stale.parent)


def refused(folder: Path) -> str:
    with pytest.raises(StudyError) as caught:
        load_champion(folder)
    assert "\n" not in str(caught.value)
    assert "dvc repro champion@digits" in str(caught.value)
    return str(caught.value)


def test_a_folder_that_cannot_be_believed_is_refused_in_a_line(folder: Path) -> None:
    (folder / NETWORK).write_bytes((folder / NETWORK).read_bytes()[:-4])
    assert "damaged" in refused(folder)
    (folder / CARD).write_text(json.dumps({"cell": "adam"}))
    assert "damaged" in refused(folder)
    (folder / CARD).unlink()
    assert "holds no champion" in refused(folder)


def test_other_weights_than_the_cards_are_refused(folder: Path) -> None:
    from nn.serialization import save

    other: Champion = load_champion(folder)
    other.network.parameters[0] += 1
    save(other.network, folder / NETWORK)
    assert "must hold parameters" in refused(folder)
