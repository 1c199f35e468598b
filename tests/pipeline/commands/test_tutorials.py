"""`knockout tutorials`: what it runs, what it prints, and that all it ships with is valid."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nn.checks
from data_loaders.load import load
from experiments.design.component_reader import ComponentReader
from experiments.errors import StudyError
from pipeline.commands.tutorials import tutorial_lines
from pipeline.study.project import declared_studies, open_project
from pipeline.study.store.table_file import read_table

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = [s for s in declared_studies(ROOT) if s.startswith(("tutorial_", "published_"))]
IMAGES = """
study:
  question: Does Adam learn digits in one epoch?
  datasets: [digits]
  replicates: 2
  factors:
    rule: {sgd: {learning_rate: 0.1}, adam: {optimizer: adam, learning_rate: 0.003},
      huge: {learning_rate: 1.0e+30}}
  recipe: {hidden: [16], epochs: 2}
run: {executor: in-process}
"""
NUMBERS = """
study:
  question: Does XOR need more than one update?
  datasets:
    xor: {function: examples/xor.py:load, task: regression}
  replicates: 2
  factors: {length: {one: {epochs: 1}, many: {epochs: 400}}}
  recipe: {hidden: [8], activation: tanh, loss: mse, learning_rate: 0.3, batch_size: 4,
    scaling: none, validation_fraction: 0}
run: {executor: in-process}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KNOCKOUT_CACHE", str(tmp_path / "cache"))
    studies = tmp_path / "experiments" / "studies"
    studies.mkdir(parents=True)
    for name, text in {"tutorial_900": IMAGES, "tutorial_901_xor": NUMBERS}.items():
        (studies / f"{name}.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "examples").mkdir()
    shutil.copy(ROOT / "examples" / "xor.py", tmp_path / "examples")
    return tmp_path


def test_every_row_comes_with_its_number_of_runs_an_interval_and_its_time(root: Path) -> None:
    lines = list(tutorial_lines(root, ["900"]))
    assert lines[0] == "tutorial_900: Does Adam learn digits in one epoch?"
    table = pd.read_csv(root / "results/tutorials/tutorial_900.csv")
    assert list(table["row"]) == ["sgd", "adam", "huge"]
    assert list(table["n"]) == [2, 2, 0] and (table["n_solved"] == 0).all()
    assert "none finished" in lines[3] and lines[3].endswith("2 diverged")
    table = table[table["n"] > 0]
    assert (table["ci_low_pct"] < table["accuracy_pct"]).all()
    runs = read_table(root / "results/studies/tutorial_900/digits/runs.parquet")
    for row in table.itertuples():
        own = runs[(runs["cell"] == row.row) & (runs["arm"] == "cell")]
        assert row.accuracy_pct == pytest.approx(100 * own["test_accuracy"].mean(), rel=1e-5)
        assert f"{row.row} " in lines[1 + int(row.Index)] and "n=2" in lines[1 + int(row.Index)]


def test_numbers_are_right_when_they_round_to_the_true_ones(root: Path) -> None:
    lines = list(tutorial_lines(root, ["tutorial_901_xor"]))
    table = pd.read_csv(root / "results/tutorials/tutorial_901_xor.csv").set_index("row")
    assert table.loc["many", "accuracy_pct"] == 100
    assert table.loc["many", "n_solved"] == 2
    assert "all right in 2 of 2" in lines[-1]


def test_a_number_stands_for_all_studies_of_its_tutorial(root: Path) -> None:
    assert [line.split(":")[0] for line in tutorial_lines(root, ["901"]) if line[0] != " "] == [
        "tutorial_901_xor"
    ]
    with pytest.raises(StudyError, match=r"must name a tutorial; got '990'.*tutorial_900"):
        list(tutorial_lines(root, ["990"]))


def test_a_folder_without_tutorials_says_where_they_are(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="this folder has none"):
        list(tutorial_lines(tmp_path, []))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_study_of_a_tutorial_or_a_published_table_is_valid(name: str) -> None:
    project = open_project(ROOT, name)
    assert project.study.question.endswith("?")
    assert project.settings.time.processes == 0


def test_the_four_rows_of_xor_are_the_test_part() -> None:
    project = open_project(ROOT, "tutorial_003_xor")
    xor = load(project.study.sources["xor"], folder=ROOT)
    assert len(xor.x) == 400 and xor.x_test is not None and xor.y_test is not None
    np.testing.assert_array_equal(xor.y_test, xor.x_test[:, 0] != xor.x_test[:, 1])


# What the contract says of each mistake; only targets that are shifted are sound in themselves.
MISTAKES = {
    ("loss", "losses:ShiftedTargets"): set(),
    ("loss", "losses:NoMaximum"): {"finite far out"},
    ("loss", "losses:DiagonalSoftmax"): {"gradient"},
    ("loss", "losses:SquaredSoftmax"): set(),
    ("activation", "layers:TanhSigmoidSlope"): {"gradient"},
    ("layer", "layers:SumOverUnits"): {"gradient"},
}


@pytest.mark.parametrize(("kind", "name"), MISTAKES, ids=str)
def test_the_contract_finds_each_mistake_but_one(kind: str, name: str) -> None:
    path = f"examples.mistakes.{name}"
    component = ComponentReader(folder=ROOT).read([kind], path, "test")
    broken = {result.name for result in nn.checks.check(kind, component.target) if not result.ok}
    assert broken == MISTAKES[kind, name]
