"""An arm none of whose trials comes through: it is said, and never taken for harm."""

import json

import pandas as pd
import pytest

from experiments import analysis
from pipeline.stages import data_stage, train_stage
from pipeline.study.planning.status import status_lines
from pipeline.study.plans import planned
from pipeline.study.project import Project, open_project

PARAMS = """
study:
  datasets: [digits]
  design: one_factor
  replicates: 3
  factors:
    start:
      usual: {}
      wild: {initializer: {constant: {value: 1.0e+30}}}
    l2: {off: 0, on: {log: [1.0e-6, 1.0e-3]}}
  recipe: {hidden: [8], batch_size: 64, epochs: 1}
  tune: {trials: 2}
run: {executor: in-process}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("wild")
    (root / "params.yaml").write_text(PARAMS, encoding="utf-8")
    own = open_project(root)
    data_stage.run(own, "digits")
    train_stage.run(own, "digits")
    return own


def table(project: Project, name: str) -> pd.DataFrame:
    return pd.read_parquet(project.results("digits") / f"{name}.parquet")


def test_its_runs_are_rows_that_say_so_and_no_run_of_them_was_started(project: Project) -> None:
    ledger, runs = table(project, "tuning"), table(project, "runs")
    assert set(ledger.loc[ledger["arm"] == "wild", "status"]) == {"diverged"}
    assert not ledger.loc[ledger["arm"] == "wild", "chosen"].any()
    wild = runs[runs["cell"] == "wild"]
    assert len(wild) == 3
    assert set(wild["status"]) == {"not_tuned"}
    assert set(wild["reason"]) == {"every trial of its arm diverged or failed"}
    assert wild[["test_accuracy", "learning_rate"]].isna().all(axis=None)
    assert not any(key in project.store for key in wild["run_key"])
    assert set(runs.loc[runs["cell"] != "wild", "status"]) == {"ok"}


def test_its_verdict_is_inconclusive_for_that_reason(project: Project) -> None:
    study, runs = project.study, table(project, "runs")
    found = analysis.open_comparisons(runs, study)
    start = found.set_index("component").loc["start"]
    assert start["verdict"] == "inconclusive"
    assert start["verdict_reason"] == "it was not tuned: every trial of an arm diverged"
    looks = json.loads((project.results("digits") / "looks.json").read_text("utf-8"))
    assert ("start", start["verdict_reason"]) in {
        (item["component"], item["reason"]) for item in looks["open"]
    }


def test_status_and_plan_know_it_from_the_ledger(project: Project) -> None:
    lines = list(status_lines(project))
    assert "digits: evaluation 12 runs, 9 stored, 3 to train (3 not tuned)" in lines
    assert "  every trial of its arm diverged or failed: replicate 0-2 of wild" in lines
    assert any("  open: start wild vs usual: it was not tuned" in line for line in lines)
    states = {spec.cell: spec.state for spec in planned(project, "digits")}
    assert states == {"baseline": "ready", "wild": "not_tuned", "l2": "ready", "placebo": "ready"}


def test_strengths_were_tried_at_the_rate_that_their_base_chose(project: Project) -> None:
    ledger, runs = table(project, "tuning"), table(project, "runs")
    rates = ledger[ledger["chosen"] & (ledger["arm"] == "baseline")].set_index("replicate")
    tried = ledger[ledger["arm"] == "l2"]
    assert set(tried["tuned"]) == {"l2"}
    assert tried["learning_rate"].tolist() == rates["learning_rate"][tried["replicate"]].tolist()
    assert tried["l2"].between(1e-6, 1e-3).all()
    assert tried["l2"].nunique() == 4  # the middle in each of three blocks, and a point of each
    chosen = tried[tried["chosen"]].set_index("replicate")
    used = runs[runs["cell"] == "l2"].set_index("replicate")
    assert used["tuned_l2"].to_dict() == chosen["l2"].to_dict()
    assert used["learning_rate"].to_dict() == chosen["learning_rate"].to_dict()
    assert table(project, "tuning")["default"].groupby(ledger["arm"]).sum().eq(3).all()


def test_nothing_is_tried_a_second_time(project: Project) -> None:
    files = {path: path.stat().st_mtime_ns for path in project.store.root.glob("??/*.run")}
    train_stage.run(project, "digits")
    assert {p: p.stat().st_mtime_ns for p in project.store.root.glob("??/*.run")} == files
