"""One bar over all stages: the share of the study that is done, and how long the rest takes."""

from pathlib import Path

import pandas as pd
import pytest

from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, write_card
from pipeline.study.project import Project, open_project
from pipeline.study.running import progress
from pipeline.study.running.progress import (
    Expectation,
    StudyBar,
    later_seconds,
    span_of,
    stage_bar,
    with_steps,
)

PARAMS = """
study:
  datasets: [digits, mnist]
  replicates: 2
  factors: {dropout: {off: 0, on: 0.2}}
  recipe: {hidden: [8], epochs: 1, learning_rate: 0.1}
time: {processes: 5, rounds: 2}
run: {executor: in-process}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A study of which digits was trained, in 100 s, and MNIST is unavailable."""
    (tmp_path / "params.yaml").write_text(PARAMS, encoding="utf-8")
    project = open_project(tmp_path)
    classes = tuple("0123456789")
    card = DatasetCard("digits", True, True, "ab" * 32, 1797, 0, (8, 8), classes)
    write_card(card, project.results("digits") / "dataset.json")
    missing = DatasetCard("mnist", True, False, reasons=("no network",), remedy="Wait.")
    write_card(missing, project.results("mnist") / "dataset.json")
    runs = pd.DataFrame({"run_key": ["a", "b", "c"], "fit_wall_s": [60.0, 40.0, None]})
    runs.to_parquet(project.results("digits") / "runs.parquet")
    return project


def test_stages_follow_each_other_as_in_dvc(project: Project) -> None:
    later = later_seconds(project, {"digits": 60.0}, 2)
    assert list(later) == ["time digits", "champion digits", "sync", "report"]
    assert later["champion digits"] > 60
    assert later["time digits"] > 0


def test_a_stage_begins_where_the_one_before_it_ends(project: Project) -> None:
    later = later_seconds(project, {"digits": 60.0}, 2)
    spans = {label: span_of(project, label) for label in later}
    at = 100.0
    for total, before, own in spans.values():
        assert before == pytest.approx(at)
        at += own
        assert total == pytest.approx(100 + sum(later.values()))
    assert at == pytest.approx(total)


def test_a_stage_without_a_dataset_to_work_on_takes_no_time(project: Project) -> None:
    total, before, own = span_of(project, "champion mnist")
    assert (before, own) == (total, 0.0)


def test_while_a_dataset_trains_the_others_are_planned_once(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = list[str](), progress.planned_stages

    def spy(own: Project, card: DatasetCard) -> dict[str, list[RunSpec]]:
        asked.append(card.name)
        return real(own, card)

    monkeypatch.setattr(progress, "planned_stages", spy)
    cards = [DatasetCard(n, True, True, n[0] * 64, 1797, 0, (8, 8)) for n in ("digits", "mnist")]
    for card in cards:
        write_card(card, project.results(card.name) / "dataset.json")
    expected = Expectation(project, cards[0])
    assert expected.now() == expected.now()
    assert asked == ["mnist", "digits", "digits"]
    # Two cells and the placebo arm, twice each, of two datasets; of a second each, as none can be
    # measured.
    assert expected.now()[:2] == (12, 0)


def test_the_last_stage_alone_ends_at_all_of_the_study(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(with_steps(project, "time digits", range(4))) == [0, 1, 2, 3]
    with stage_bar(project, "champion digits"):
        pass
    told = capsys.readouterr().err
    assert "time digits" in told
    assert "100%" not in told
    assert "00:00 left" not in told
    with stage_bar(project, "report"):
        pass
    last = capsys.readouterr().err.strip().split("\r")[-1]
    assert last.startswith("report 100% of the study")
    assert last.endswith("00:00 left")


def test_the_bar_says_what_is_left_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with StudyBar("tune digits", total=3725, done=0) as bar:
        assert "1:02:05 left" in capsys.readouterr().err
        bar.advance(3660, note=", run 1/1")
    assert bar.n == 3660
    assert "01:05 left, run 1/1" in capsys.readouterr().err
