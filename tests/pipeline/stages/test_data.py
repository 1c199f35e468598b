"""Stage `data`: what is said of a dataset, with and without its images."""

from pathlib import Path

import pytest

from data_loaders.errors import DatasetUnavailableError
from pipeline import dataset_card
from pipeline.dataset_card import read_card
from pipeline.project import Project, open_project
from pipeline.stages import data

PARAMS = "study: {datasets: [digits], factors: {dropout: [0, 0.2]}}\ndata: {on_missing: MISSING}\n"


def project(root: Path, missing: str = "skip") -> Project:
    (root / "params.yaml").write_text(PARAMS.replace("MISSING", missing))
    return open_project(root)


def _refuse(name: str) -> None:
    raise DatasetUnavailableError(name, ["mirror: no answer"])


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_card, "load", _refuse)


@pytest.mark.usefixtures("offline")
def test_a_dataset_that_cannot_be_had_says_why_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.run(project(tmp_path), "digits")
    card = read_card(tmp_path / "results/digits/dataset.json")
    assert not card.usable
    assert card.reasons == ("mirror: no answer",)
    said = capsys.readouterr().err
    assert "its runs are left out" in said
    assert "KNOCKOUT_DATA_MIRROR" in said


@pytest.mark.usefixtures("offline")
def test_it_can_be_made_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        data.run(project(tmp_path, "fail"), "digits")


def test_results_that_are_here_outlive_the_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = project(tmp_path)
    before = data.run(own, "digits")
    monkeypatch.setattr(dataset_card, "load", _refuse)
    (tmp_path / "results/digits/runs.parquet").touch()
    assert data.run(own, "digits") == before
    assert "its stored results stay" in capsys.readouterr().err
    # Without results the images are missed after all.
    (tmp_path / "results/digits/runs.parquet").unlink()
    assert not data.run(own, "digits").available
