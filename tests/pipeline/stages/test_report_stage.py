"""Stage `report` draws from what is stored: no data, no training, no run store."""

import json
import re
import shutil
import webbrowser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import cli
from pipeline.results.figures.gallery import FigureFile, draw_figures
from pipeline.results.findings import finding
from pipeline.results.study_results import StudyResults
from pipeline.results.text.estimates import Row
from pipeline.stages import report_stage
from pipeline.study.project import Project, open_project
from pipeline.study.running.failed_runs import FailedRunsError
from pipeline.study.store.table_file import write_table


@pytest.fixture(scope="module")
def pulled(real_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone with the stages' outs and nothing else: neither store nor data cache."""
    clone = tmp_path_factory.mktemp("clone")
    shutil.copy(real_study / "params.yaml", clone)
    shutil.copytree(real_study / "results", clone / "results")
    return open_project(clone)


def forbid(*arguments: object, **keywords: object) -> None:
    raise AssertionError("the report must not train, nor read data")


def test_it_needs_neither_data_nor_training_nor_the_store(
    pulled: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("data_loaders.load.load", "experiments.run.execute.execute_whole"):
        monkeypatch.setattr(name, forbid)
    drawn: list[FigureFile] = []

    def draw(*arguments: Any) -> list[FigureFile]:
        drawn.extend(draw_figures(*arguments))
        return drawn

    monkeypatch.setattr(report_stage, "draw_figures", draw)
    page = report_stage.run(pulled)
    assert page == pulled.root / "reports" / "index.html"
    for name in (
        *("comparison.csv", "comparison.md", "comparison.tex", "effects.csv"),
        *("verdicts.json", "metrics.json"),
    ):
        assert (pulled.results() / name).stat().st_size > 0
    table = pd.read_csv(pulled.results() / "comparison.csv")
    assert set(table["cell"]) == {
        "baseline", "dropout", "augmentation", "dropout+augmentation", "placebo"
    }  # fmt: skip
    names = {path.stem for path in (pulled.root / "reports" / "figures").glob("*.svg")}
    assert {
        "most_confused_digits",
        "first_layer_weights_digits",
        "sample_images_digits",
        "confusion_matrix_digits",
    } <= names
    assert not (pulled.root / ".knockout").exists()
    text = page.read_text(encoding="utf-8")
    assert text.count("<figure ") == len(names)
    runs = pd.read_parquet(pulled.results("digits") / "runs.parquet")
    section = re.search(r'id="environment".*?</details>', text, re.DOTALL)
    assert section
    assert runs["numpy"].iloc[0] in section[0]
    assert runs["blas_kernels"].iloc[0] in section[0]
    assert "://" not in text.split("<body")[0]
    # Doing it twice gives the same bytes; that figures do, the gallery's tests say.
    monkeypatch.setattr(report_stage, "draw_figures", lambda *arguments: drawn)
    first = {p: p.read_bytes() for p in pulled.root.rglob("*") if p.is_file()}
    report_stage.run(pulled)
    assert {p: p.read_bytes() for p in pulled.root.rglob("*") if p.is_file()} == first


@pytest.mark.usefixtures("few_figures")
def test_each_component_is_judged_once(pulled: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = []

    def counted(row: Row, results: StudyResults) -> str:
        judged.append((row["dataset"], row["component"], row["level"]))
        return finding(row, results)

    monkeypatch.setattr("pipeline.results.findings.finding", counted)
    report_stage.run(pulled)
    written = json.loads((pulled.results() / "verdicts.json").read_text(encoding="utf-8"))
    assert judged == [(r["dataset"], r["component"], r["level"]) for r in written["components"]]
    assert len(judged) == 2


def test_without_a_champion_there_is_nothing_to_exhibit(pulled: Project, tmp_path: Path) -> None:
    folder = pulled.results("digits") / "champion"
    assert report_stage.exhibits(folder).pictures is not None
    assert report_stage.exhibits(tmp_path).pictures is None


def test_open_shows_the_page_in_a_browser(
    pulled: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = pulled.root / "reports" / "index.html"
    opened: list[str] = []
    monkeypatch.chdir(pulled.root)
    monkeypatch.setattr(webbrowser, "open", opened.append)
    cli.report(open_page=True)
    assert opened == [page.as_uri()]
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("study main: ")
    assert told[-2:] == ["page: reports/index.html", "runs: `knockout ui` opens them in MLflow"]


def test_a_study_whose_runs_all_failed_is_drawn_and_is_an_error(
    pulled: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = tmp_path / "clone"
    shutil.copytree(pulled.root, root)
    table = root / "results/digits/runs.parquet"
    runs = pd.read_parquet(table).assign(status="failed", reason="memory ran out")
    write_table(table, runs)
    monkeypatch.chdir(root)
    with pytest.raises(FailedRunsError, match=r"10 of 10 runs of the study failed; 10 of"):
        cli.report()
    # The terminal tells what there is before the error ends it.
    assert "page: reports/index.html" in capsys.readouterr().out
