"""`knockout data show` and what `knockout check` reads."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data_loaders.errors import DataError
from experiments.errors import StudyError
from pipeline.commands.check import study_lines
from pipeline.commands.data import image_lines, show_lines
from pipeline.study.project import Project, open_project

PARAMS = """
study:
  datasets:
    digits:
    faces: ./faces/
    wine: {path: ./wine.csv, label: kind}
    price: {path: ./wine.csv, label: a, task: regression}
  factors: {dropout: {off: 0, on: 0.2}}
  recipe: {hidden: [8], epochs: 1, learning_rate: 0.1}
  tune: {per: []}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("KNOCKOUT_CACHE", str(tmp_path / "cache"))
    rng = np.random.default_rng(0)
    for label in ("cat", "dog"):
        (tmp_path / "faces" / label).mkdir(parents=True)
        for i in range(20):
            picture = Image.fromarray(rng.integers(0, 256, (9, 7, 3), np.uint8))
            picture.save(tmp_path / "faces" / label / f"{i}.png")
    rows = [f"{i / 4},{'red' if i % 2 else ''},{'ham' if i < 50 else 'egg'}" for i in range(60)]
    (tmp_path / "wine.csv").write_text("a,colour,kind\n" + "\n".join(rows), "utf-8")
    (tmp_path / "params.yaml").write_text(PARAMS, "utf-8")
    return open_project(tmp_path)


def test_pictures_are_counted_and_drawn(project: Project) -> None:
    lines = list(show_lines(project, "faces"))
    assert lines[0].startswith("faces: 40 examples, 9 x 7 RGB images; each split draws")
    assert lines[1] == "origin        ./faces/"
    assert lines[-1] == "reports/data/faces.png"
    with Image.open(project.root / lines[-1]) as picture:
        assert min(picture.size) > 100


def test_a_table_is_told_by_its_columns_and_facts(project: Project) -> None:
    text = "\n".join(show_lines(project, "wine"))
    assert "60 examples, 2 columns" in text
    assert "  a: 0 to 14.75, median 7.375" in text
    assert "  colour=red: 30 rows, 30 missing" in text
    assert "always answering the largest class is right in 83.3%" in text
    assert "note: classes are imbalanced: 50 rows are 'ham'" in text
    assert "note: 30 of 60 rows lack a value in 'colour'" in text
    assert ".png" not in text


def test_numbers_to_predict_are_told_by_their_range(project: Project) -> None:
    assert "to predict    numbers from 0 to 14.75, median 7.375" in show_lines(project, "price")


def test_a_built_in_dataset_need_not_be_in_the_study_an_unknown_name_is_refused(
    project: Project, tmp_path: Path
) -> None:
    out = tmp_path / "elsewhere.png"
    assert list(show_lines(project, "digits", out))[-1] == "elsewhere.png"
    assert out.stat().st_size > 1000
    with pytest.raises(StudyError, match=r"got 'fases'.*did you mean faces"):
        list(show_lines(project, "fases"))


def test_check_reads_own_data(project: Project) -> None:
    with pytest.raises(StudyError, match=r"accuracy is for classification, and price has numbers"):
        list(study_lines(project))
    params = PARAMS.replace("    price: {path: ./wine.csv, label: a, task: regression}\n", "")
    (project.root / "params.yaml").write_text(params, "utf-8")
    project = open_project(project.root)
    list(study_lines(project))
    (project.root / "faces" / "cat" / "0.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=r"`cat/0.png` must be a PNG or JPEG"):
        list(study_lines(project))


def test_the_command_ends_in_one_line(project: Project) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "check"]
    (project.root / "wine.csv").unlink()
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "wine.csv` does not exist" in done.stderr


def test_one_image_is_told_by_its_class_and_its_pixels(project: Project) -> None:
    head, *rows = image_lines(project, "digits", 0)
    assert head == "digits: image 0, 0"
    assert rows[0].split() == ["·", "·", "5", "13", "9", "1", "·", "·"]
    assert len(rows) == 8
    assert len(list(image_lines(project, "faces", 3))) == 10


@pytest.mark.parametrize(
    ("name", "number", "rule"),
    [("digits", 1797, "from 0 to 1796 for digits; got 1797"), ("wine", 0, "wine is a table")],
)
def test_an_image_that_does_not_exist_is_refused(
    project: Project, name: str, number: int, rule: str
) -> None:
    with pytest.raises(StudyError, match=rule):
        list(image_lines(project, name, number))
