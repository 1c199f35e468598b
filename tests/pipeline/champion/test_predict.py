"""`knockout predict`: class, bars and a picture of both."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nn
from data_loaders.datasets import Dataset
from experiments.errors import StudyError
from pipeline.champion.saved_network import write_champion
from pipeline.commands.predict import predict_image_lines, predict_lines
from pipeline.study.project import Project, open_project
from tests.champions import champion_of

PARAMS = "study: {datasets: [digits, mnist], factors: {optimizer: [sgd, adam]}}"
NAMES = ("nought", "one", "two")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose digits champion looks at the brightness of the left column alone."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    network = nn.Network([nn.Dense(3)], n_inputs=64, batch_size=4, rng=np.random.default_rng(0))
    network.parameters[:] = 0
    network.named_arrays()["layers.0.weight"][::8, 2] = 1.0
    scaling = {"scale": 0.1, "shift": 0.0, "test_accuracy": 0.97}
    champion = champion_of(network, cell="adam", class_names=NAMES, **scaling)
    folder = tmp_path / "results" / "digits" / "champion"
    write_champion(champion, folder)
    return open_project(tmp_path)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    pixels = np.zeros((8, 8), np.uint8)
    pixels[2:6, 0] = 255
    Image.fromarray(pixels).save(tmp_path / "left.png")
    return tmp_path / "left.png"


def test_it_says_the_class_and_a_bar_for_each(project: Project, picture: Path) -> None:
    lines = list(predict_lines(project, picture, "digits", None))
    assert lines[0] == "left.png: used as it is"
    assert lines[1].endswith("(right on 97.0 % of 360 test images) says two")
    # The logit is 4 pixels x 16 x 0.1 for "two" and 0 for the others.
    p = np.exp(6.4) / (np.exp(6.4) + 2)
    assert [line.split()[0] for line in lines[2:5]] == list(NAMES)
    assert lines[4].endswith(f"{100 * p:.1f} %")
    assert lines[4].count("█") > lines[2].count("█")


def test_it_writes_and_names_a_png(project: Project, picture: Path, tmp_path: Path) -> None:
    *_, last = predict_lines(project, picture, "digits", None)
    assert last == "reports/predictions/left_digits.png"
    with Image.open(project.root / last) as drawn:
        assert drawn.format == "PNG"
        assert drawn.width > drawn.height > 200
    first = (project.root / last).read_bytes()
    other = tmp_path / "elsewhere" / "x.png"
    list(predict_lines(project, picture, "digits", other))
    assert other.read_bytes() == first


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        ("mnist", "dvc repro champion@mnist"),
        ("digitz", "did you mean digits?"),
        (None, "must name one of digits, mnist"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_line(
    project: Project, picture: Path, dataset: str | None, words: str
) -> None:
    with pytest.raises(StudyError) as caught:
        list(predict_lines(project, picture, dataset, None))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_picture_from_elsewhere_comes_with_what_the_answer_does_not_say(
    project: Project, picture: Path
) -> None:
    lines = list(predict_lines(project, picture, "digits", None))
    assert any("one of 3 classes whatever the picture shows" in line for line in lines)
    assert any("8 x 8 pixels keep little of a drawing" in line for line in lines)


def test_an_image_of_the_dataset_is_shown_with_its_class(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.zeros((3, 8, 8), np.uint8)
    images[2, :, 0] = 16
    names = ("zero", "one", "two")
    content = Dataset("digits", images, np.array([0, 1, 2]), None, None, names, "hash")
    monkeypatch.setattr("pipeline.commands.predict.load_content", lambda name, digest: content)
    lines = list(predict_image_lines(project, "digits", 2, None))
    assert lines[0].startswith("digits, image 2, two (the network may")
    assert lines[1:9] == ["██"] * 8
    assert "says two" in lines[9]
    assert (project.root / lines[-1]).exists() and lines[-1].endswith("2_digits.png")
    with pytest.raises(StudyError, match="from 0 to 2 for digits; got 3"):
        list(predict_image_lines(project, "digits", 3, None))
