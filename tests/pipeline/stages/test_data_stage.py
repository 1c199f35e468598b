"""Stage `data`: what is said of a dataset, with and without its images."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_loaders.errors import DatasetUnavailableError
from data_loaders.load import load
from data_loaders.spec import DatasetSpec
from data_loaders.split import draw_split
from experiments.errors import StudyError
from pipeline.results.sureness import sureness
from pipeline.results.tables.analyse import analyse, load_results
from pipeline.stages import champion_stage, data_stage, time_stage, train_stage
from pipeline.study import dataset_card
from pipeline.study.dataset_card import read_card
from pipeline.study.project import Project, open_project
from pipeline.study.store.run_tables import answers_in

PARAMS = "study: {datasets: [digits], factors: {dropout: [0, 0.2]}}\ndata: {on_missing: MISSING}\n"


def project(root: Path, missing: str = "skip") -> Project:
    (root / "params.yaml").write_text(PARAMS.replace("MISSING", missing))
    return open_project(root)


def _refuse(spec: DatasetSpec, **_: Path) -> None:
    raise DatasetUnavailableError(spec.name, ["mirror: no answer"])


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_card, "load", _refuse)


@pytest.mark.usefixtures("offline")
def test_a_dataset_that_cannot_be_had_says_why_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data_stage.run(project(tmp_path), "digits")
    card = read_card(tmp_path / "results/digits/dataset.json")
    assert not card.usable
    assert card.reasons == ("mirror: no answer",)
    said = capsys.readouterr().err
    assert "its runs are left out" in said
    assert "KNOCKOUT_DATA_MIRROR" in said


@pytest.mark.usefixtures("offline")
def test_it_can_be_made_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        data_stage.run(project(tmp_path, "fail"), "digits")


def test_results_that_are_here_outlive_the_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = project(tmp_path)
    before = data_stage.run(own, "digits")
    monkeypatch.setattr(dataset_card, "load", _refuse)
    (tmp_path / "results/digits/runs.parquet").touch()
    assert data_stage.run(own, "digits") == before
    assert "its stored results stay" in capsys.readouterr().err
    # Without results the images are missed after all.
    (tmp_path / "results/digits/runs.parquet").unlink()
    assert not data_stage.run(own, "digits").available


@pytest.mark.parametrize("fraction", ["0.0001", "0.9999"])
def test_a_part_without_an_image_is_refused_before_any_run(tmp_path: Path, fraction: str) -> None:
    own = project(tmp_path)
    levels = f"part: {{usual: {{}}, odd: {{validation_fraction: {fraction}}}}}"
    text = PARAMS.replace("dropout: [0, 0.2]", levels)
    (tmp_path / "params.yaml").write_text(text.replace("MISSING", "skip"))
    with pytest.raises(StudyError, match=f"got {fraction} of the 1438 of digits"):
        data_stage.run(open_project(own.root), "digits")


def test_the_card_counts_the_images_that_a_split_has(tmp_path: Path) -> None:
    card = data_stage.run(project(tmp_path), "digits")
    split = draw_split(load("digits"), validation_fraction=0.1, rng=np.random.default_rng(0))
    assert card.n_tested == len(split.test)
    assert card.n_left == len(split.train) + len(split.validation)


def test_a_dataset_that_is_gone_is_left_out_by_every_later_stage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its card says that it was there: results were made with it, in this clone or another."""
    text = PARAMS.replace("}}", "}, recipe: {hidden: [8], epochs: 1}, tune: {trials: 1}}")
    (tmp_path / "params.yaml").write_text(
        text.replace("MISSING", "skip") + "run: {executor: in-process}\n"
    )
    own = open_project(tmp_path)
    data_stage.run(own, "digits")

    def gone(name: str, _: str) -> None:
        raise DatasetUnavailableError(name, ["mirror: no answer"])

    monkeypatch.setattr(dataset_card, "load_content", gone)
    capsys.readouterr()
    for stage, said in ((train_stage, True), (time_stage, True)):
        stage.run(own, "digits")
        assert ("mirror: no answer" in capsys.readouterr().err) is said
    assert champion_stage.run(own, "digits") is None
    assert len(pd.read_parquet(own.results("digits") / "runs.parquet")) == 0
    assert len(pd.read_csv(own.results("digits") / "step_cost.csv")) == 0


RARE = """
study:
  datasets: {own: {path: ./own.csv, label: kind OPTION}}
  replicates: 4
  response: {primary: balanced_accuracy, secondary: [macro_f1, log_loss]}
  margins: {own: 1.0}
  factors: {dropout: [0, 0.2]}
  recipe: {hidden: [4], epochs: 1, batch_size: 16, learning_rate: 0.1}
run: {executor: in-process}
"""
GIVEN = ["train", "train", "train", "validation", "test"] * 12
CASES = {
    "drawn": (", drop: [beside]", GIVEN, {"test": 4, "validation": 4}),
    "given": (", split: beside", [*GIVEN[:58], "train", "train"], {"test": 4, "validation": 4}),
    "validation alone": (
        ", split: beside", [*GIVEN[:58], "validation", "validation"], {"training": 4, "test": 4}
    ),
    # Both rows are of one person, who has six rows.
    "groups": (", group: beside", [*map(str, range(54)), *["x"] * 6],
               {"training": 1, "test": 3, "validation": 4}),
}  # fmt: skip


def rare(root: Path, option: str, beside: list[str]) -> Project:
    """Return a study on 60 rows of which two are of class c; beside it stands another column."""
    kinds = "a" * 30 + "b" * 28 + "cc"
    rows = [f"{i % 7},{i % 11},{k},{x}" for i, (k, x) in enumerate(zip(kinds, beside, strict=True))]
    (root / "own.csv").write_text("\n".join(["p,q,kind,beside", *rows]) + "\n", encoding="utf-8")
    (root / "params.yaml").write_text(RARE.replace("OPTION", option), encoding="utf-8")
    return open_project(root)


@pytest.mark.parametrize("case", CASES)
def test_a_class_that_a_part_lacks_is_told_and_the_study_runs(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOCKOUT_CACHE", str(tmp_path / "cache"))
    option, beside, expected = CASES[case]
    own = rare(tmp_path, option, beside)
    facts = [fact for fact in data_stage.run(own, "own").facts if "lacks" in fact]
    assert sorted(facts) == sorted(
        f"the {part} part lacks class 'c' in {n} of 4 replicates" for part, n in expected.items()
    )
    train_stage.run(own, "own")
    results = load_results(own.results(), own.study, {"own": 12})
    assert set(results.runs["status"]) == {"ok"}
    # What the runs answered on is what was foretold.
    keys = results.runs.loc[results.runs["cell"] == "baseline", "run_key"]
    rows = results.predictions[results.predictions["run_key"].isin(keys)].to_dict("records")
    for name, part in (("test", "test"), ("validation", "val")):
        lacking = sum(2 not in answers_in(row, part)[0] for row in rows)
        assert lacking == expected.get(name, 0)
    assert {f"On own, {fact}." for fact in facts} <= set(sureness(results, analyse(results)))


def test_groups_of_which_a_part_has_none_are_refused_before_any_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KNOCKOUT_CACHE", str(tmp_path / "cache"))
    own = rare(tmp_path, ", group: beside", ["many"] * 58 + ["one", "two"])
    with pytest.raises(StudyError, match="replicate 0: split of own must leave no part empty"):
        data_stage.run(own, "own")
