"""Stage `stored`: a change of any result is seen, and a report without runs is refused."""

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.errors import StudyError
from pipeline.stages import report_stage, stored_stage
from pipeline.study.project import Project, open_project
from pipeline.study.store.table_file import write_table


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "params.yaml").write_text(
        "study: {datasets: [digits, mnist], factors: {dropout: [0, 0.2]}}"
    )
    return open_project(tmp_path)


def store(project: Project, dataset: str, *keys: str) -> None:
    folder = project.results(dataset)
    folder.mkdir(parents=True, exist_ok=True)
    write_table(folder / "runs.parquet", pd.DataFrame({"run_key": list(keys)}))


def test_it_follows_every_result_of_the_study_and_nothing_else(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    store(project, "digits", "a")
    (project.results("digits") / "champion").mkdir()
    (project.results("digits") / "champion/card.json").write_text("{}")
    stored_stage.run(project)
    path = project.results() / "stored.json"
    first = json.loads(path.read_text())
    assert set(first) == {"digits/champion/card.json", "digits/runs.parquet"}
    assert "mnist has no stored runs; the report leaves it out." in capsys.readouterr().err
    store(project, "letters", "b")
    stored_stage.run(project)
    assert json.loads(path.read_text()) == first
    store(project, "digits", "a", "c")
    stored_stage.run(project)
    assert json.loads(path.read_text()) != first


def test_a_report_without_runs_is_refused_and_touches_nothing(project: Project) -> None:
    store(project, "mnist")
    table, page = project.results() / "comparison.csv", project.reports / "figures/effects.svg"
    page.parent.mkdir(parents=True)
    for path in (table, page):
        path.write_text("drawn before")
    before = {p: p.read_bytes() for p in project.root.rglob("*") if p.is_file()}
    for stage in (stored_stage, report_stage):
        with pytest.raises(StudyError, match=r"there are none. `dvc pull` .*`dvc repro` trains"):
            stage.run(project)
    assert {p: p.read_bytes() for p in project.root.rglob("*") if p.is_file()} == before
