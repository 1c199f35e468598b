"""Studies declared beside the main one: where they lie, and what they share."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.errors import StudyError
from pipeline.cli import app
from pipeline.stages import data_stage, train_stage
from pipeline.study.project import open_project

ROOT = Path(__file__).resolve().parents[2]
# Studies of a user's own beside them are the user's.
SHIPPED = ("batch_norm", "optimizers", "quick", "regularizers")
MAIN = """
study:
  datasets: [digits]
  replicates: 1
  factors: {optimizer: [sgd, adam], dropout: {off: 0, on: 0.2}}
  recipe: {hidden: [8], batch_size: 128, epochs: 1}
  tune: {trials: 2}
run: {executor: in-process}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments" / "studies").mkdir(parents=True)
    (tmp_path / "params.yaml").write_text(MAIN)
    beside = MAIN.replace("datasets:", "design: one_factor\n  datasets:").replace("adam]", "lion]")
    (tmp_path / "experiments/studies/lion.yaml").write_text(beside)
    return tmp_path


def test_results_and_report_lie_in_folders_of_their_own(root: Path) -> None:
    main, lion = open_project(root), open_project(root, "lion")
    assert (main.results("digits"), main.reports) == (root / "results/digits", root / "reports")
    assert lion.results("digits") == root / "results/studies/lion/digits"
    assert lion.reports == root / "reports/studies/lion"
    assert lion.study.name == "lion"
    assert lion.store == main.store


def test_runs_that_two_studies_share_are_trained_once(root: Path) -> None:
    seen: dict[str | None, list[str]] = {None: [], "lion": []}
    for name, trained in seen.items():
        own = open_project(root, name)
        data_stage.run(own, "digits")
        train_stage.run(own, "digits", observe=lambda spec, result, t=trained: t.append(spec.cell))
    assert len(seen[None]) == 5
    # Baseline, dropout and the placebo stand in the store under the main study's name.
    assert seen["lion"] == ["lion"]


@pytest.mark.parametrize(
    "words", [["--study", "lion", "check"], ["check", "--study", "lion"], ["check", "--study=lion"]]
)
def test_the_option_is_understood_before_and_after_the_command(
    root: Path, words: list[str]
) -> None:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert "lion.yaml is valid: study lion" in done.output


def test_the_choice_of_one_call_does_not_reach_the_next(root: Path) -> None:
    CliRunner().invoke(app, ["check", "--study", "lion"])
    assert "params.yaml is valid" in CliRunner().invoke(app, ["check"]).output


def test_the_option_reaches_a_stage(root: Path) -> None:
    done = CliRunner().invoke(app, ["stage", "data", "digits", "--study", "lion"])
    assert done.exit_code == 0
    assert (root / "results/studies/lion/digits/dataset.json").exists()
    assert not (root / "results/digits").exists()


def test_an_unknown_study_names_the_closest(root: Path) -> None:
    with pytest.raises(StudyError, match=r"--study must name .* did you mean lion\?"):
        open_project(root, "loin")


def test_a_study_bears_the_name_of_its_file(root: Path) -> None:
    path = root / "experiments/studies/lion.yaml"
    path.write_text(path.read_text().replace("study:\n", "study:\n  name: main\n"))
    with pytest.raises(StudyError, match="must be the name of its file, lion; got 'main'"):
        open_project(root, "lion")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_study_that_ships_is_valid_and_short(name: str) -> None:
    study = open_project(ROOT, name).study
    assert study.question.endswith("?")
    lines = (ROOT / "experiments/studies" / f"{name}.yaml").read_text().splitlines()
    assert len(lines) <= 10
