"""Looks: a study goes on with what is open, stops when all is decided, and resumes to the same."""

import json
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments import analysis
from experiments.errors import StudyError
from experiments.run.run_spec import RunSpec
from pipeline import cli
from pipeline.cli import app
from pipeline.stages import data_stage, sync_stage, train_stage
from pipeline.study.executors import task
from pipeline.study.planning.status import plan_lines, status_lines
from pipeline.study.plans import planned
from pipeline.study.project import Project, open_project

# A rate that trains nothing: some 80 points, clear after three blocks.
PARAMS = """
study:
  datasets: [digits]
  design: one_factor
  replicates: {replicates}
  {more}
  factors:
    broken: {{off: {{}}, on: {{learning_rate: 1.0e-9}}}}
    dropout: {{off: 0, on: 0.05}}
  recipe: {{hidden: [16], batch_size: 32, epochs: 6, learning_rate: 0.1}}
run: {{executor: in-process}}
time: {{processes: 0}}
"""
LOOKS = "{from: 3, to: 6}"
# So wide that whatever is not broken is equivalent at once.
WIDE = "margins: {digits: 30}"


def project(root: Path, replicates: str = LOOKS, more: str = "") -> Project:
    root.mkdir(exist_ok=True)
    (root / "params.yaml").write_text(
        PARAMS.format(replicates=replicates, more=more), encoding="utf-8"
    )
    own = open_project(root)
    data_stage.run(own, "digits")
    return own


def trained(own: Project) -> list[RunSpec]:
    """Train, and return what was trained just now."""
    seen: list[RunSpec] = []
    train_stage.run(own, "digits", observe=lambda spec, _: seen.append(spec))
    return seen


def looks_of(own: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((own.results("digits") / "looks.json").read_text("utf-8"))
    return found


def left(own: Project) -> dict[str, bytes]:
    """Return looks and tables as bytes, wall and CPU times aside."""
    folder = own.results("digits")
    found = {"looks": (folder / "looks.json").read_bytes()}
    for name in ("tuning", "runs", "history", "predictions"):
        table = pd.read_parquet(folder / f"{name}.parquet")
        timed = [column for column in table if column.endswith("_s")]
        found[name] = table.drop(columns=timed).to_parquet()
    return found


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A study that made both its looks."""
    own = project(tmp_path_factory.mktemp("looks"))
    trained(own)
    return own


@pytest.fixture
def stored(finished: Project, tmp_path: Path) -> Path:
    """A folder that holds every run of the finished study, and no result."""
    shutil.copytree(finished.store.root, project(tmp_path).store.root, dirs_exist_ok=True)
    return tmp_path


def test_a_study_whose_comparisons_are_decided_stops_at_its_first_look(tmp_path: Path) -> None:
    own = project(tmp_path, more=WIDE)
    assert {spec.replicate for spec in trained(own)} == {0, 1, 2}
    looks = looks_of(own)
    assert (looks["made"], looks["counts"], looks["ending"]) == (1, [3, 6], "decided")
    assert looks["open"] == []
    runs = pd.read_parquet(own.results("digits") / "runs.parquet")
    assert set(Counter(runs["cell"]).values()) == {3}


def test_only_cells_that_open_comparisons_weigh_go_on(finished: Project) -> None:
    runs = pd.read_parquet(finished.results("digits") / "runs.parquet")
    counts = Counter(runs["cell"])
    assert (counts["baseline"], counts["dropout"], counts["broken"]) == (6, 6, 3)
    assert looks_of(finished)["blocks"] == dict(counts)
    assert looks_of(finished)["made"] == 2
    # The blocks that a cell has are its first ones.
    assert set(runs.loc[runs["cell"] == "broken", "replicate"]) == {0, 1, 2}


def test_the_verdict_of_a_look_is_kept_at_the_later_ones(finished: Project) -> None:
    assert "broken" not in {item["component"] for item in looks_of(finished)["open"]}
    runs = pd.read_parquet(finished.results("digits") / "runs.parquet")
    found = analysis.open_comparisons(runs, finished.study).set_index("component")
    assert tuple(found.loc["broken", ["look", "n_looks", "verdict"]]) == (1, 2, "hurts")
    assert found.loc["dropout", "look"] == 2
    assert not found["open"].any()


def test_status_says_how_far_the_looks_are_and_what_is_open_and_why(finished: Project) -> None:
    lines, looks = list(status_lines(finished)), looks_of(finished)
    assert f"digits: look 2 of 2 made; {looks['ending']}" in lines
    said = [line for line in lines if line.startswith("  open: ")]
    placebo = "  open: placebo: neither a difference nor its absence is shown"
    assert (placebo in said) is any(item["component"] == "placebo" for item in looks["open"])
    assert [line for line in said if line != placebo] == [
        f"  open: {item['component']} {item['level']} vs {item['null_level']}: {item['reason']}"
        for item in looks["open"]
        if item["component"] != "placebo"
    ]
    assert all(item["reason"] for item in looks["open"])
    assert looks["ending"] == ("all looks made" if looks["open"] else "decided")


def test_plan_shows_the_looks_and_what_each_costs(finished: Project) -> None:
    lines = list(plan_lines(finished, calibrated=False))
    assert "design one_factor: 3 cells and a placebo arm, looks at 3 and 6 blocks" in lines
    counted = next(line for line in lines if line.startswith("digits: evaluation"))
    assert counted == "digits: evaluation 21 runs, 21 stored, 0 to train"


def test_plan_tells_the_most_that_further_looks_can_cost(tmp_path: Path) -> None:
    lines = list(plan_lines(project(tmp_path)))
    (line,) = (line for line in lines if "all cells up to a look" in line)
    assert line.startswith("  digits, all cells up to a look: 3 blocks ")
    assert ", 6 blocks " in line
    assert line.endswith("; open ones alone continue")


LOST = {
    "nothing": lambda spec, rng: False,
    "the second look": lambda spec, rng: spec.replicate >= 3,
    "some of both": lambda spec, rng: rng.random() < 0.4,
    "all": lambda spec, rng: True,
}


@pytest.mark.parametrize("what", LOST)
@pytest.mark.parametrize("tables", [True, False], ids=["tables kept", "tables lost"])
def test_a_study_that_lost_runs_makes_the_same_looks_again(
    finished: Project, what: str, tables: bool
) -> None:
    before, rng = left(finished), random.Random(1)
    gone = [spec for spec in planned(finished, "digits") if LOST[what](spec, rng)]
    for spec in gone:
        finished.store.path(spec.run_key).unlink()
    if not tables:
        for path in finished.results("digits").glob("*"):
            if path.name != "dataset.json":
                path.unlink()
    again = trained(finished)
    assert {spec.run_key for spec in again} == {spec.run_key for spec in gone}
    assert left(finished) == before


@pytest.mark.parametrize("moment", [8, 13, 20])
def test_a_study_that_is_stopped_goes_on_to_the_same_looks(
    finished: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """In the first look, after it, in the second: all but what was trained is trained."""
    own, real, count = project(tmp_path), task.execute, 0

    def stopped(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count > moment:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(task, "execute", stopped)
        with pytest.raises(KeyboardInterrupt):
            trained(own)
    assert len(trained(own)) == 21 - moment
    assert left(own) == left(finished)


def test_a_plain_number_is_one_look(tmp_path: Path) -> None:
    own = project(tmp_path, "2")
    assert len(trained(own)) == 4 * 2
    looks = looks_of(own)
    assert (looks["counts"], looks["made"]) == ([2], 1)
    assert set(looks["blocks"].values()) == {2}
    assert looks["ending"] == "all looks made"
    assert trained(own) == []


def test_further_looks_train_nothing_again(tmp_path: Path) -> None:
    own = project(tmp_path, "3")
    first = trained(own)
    more = trained(project(tmp_path, LOOKS))
    assert {spec.replicate for spec in more} == {3, 4, 5}
    assert not {spec.run_key for spec in first} & {spec.run_key for spec in more}


@pytest.mark.parametrize("budget", ["0.001s", "100h"])
def test_a_budget_ends_looks_the_same_way_each_time(
    finished: Project, tmp_path: Path, budget: str
) -> None:
    own = project(tmp_path, more=f"budget: {budget}")
    trained(own)
    ending = "budget spent" if budget == "0.001s" else looks_of(finished)["ending"]
    assert looks_of(own)["ending"] == ending
    # The first look is made whatever it takes.
    assert looks_of(own)["made"] == (1 if budget == "0.001s" else 2)
    before = left(own)
    assert trained(own) == []
    assert left(own) == before
    # With more time it goes on where it was.
    assert len(trained(project(tmp_path))) == (9 if budget == "0.001s" else 0)
    assert {**left(own), "looks": b""} == {**left(finished), "looks": b""}


def test_the_budget_of_a_call_goes_before_the_study_s_own(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = project(stored, more="budget: 100h")
    monkeypatch.chdir(stored)
    for words, ending in ((["--budget", "0.001s"], "budget spent"), ([], "all looks made")):
        assert CliRunner().invoke(app, ["stage", "train", "digits", *words]).exit_code == 0
        assert looks_of(own)["ending"] == ending
    refused = CliRunner().invoke(app, ["run", "--budget", "20"])
    assert isinstance(refused.exception, StudyError)
    assert str(refused.exception) == (
        "`--budget` must be a time with its unit; got '20'. Write 90s, 20m or 1.5h."
    )


def test_a_whole_run_keeps_to_its_budget(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = project(stored)
    monkeypatch.chdir(stored)
    for name in ("champion", "time"):
        monkeypatch.setattr(cli.stage_commands, name, lambda dataset: None)
    monkeypatch.setattr(sync_stage, "run", lambda project: None)
    monkeypatch.setattr(cli, "report", lambda: None)
    done = CliRunner().invoke(app, ["run", "--budget", "0.001s"])
    assert done.exit_code == 0, done.output
    assert looks_of(own)["ending"] == "budget spent"
