"""`knockout show` says what was found, how sure that is, and where to read on."""

import json
from pathlib import Path

import pytest

from experiments.errors import StudyError
from pipeline.commands.show import show_lines
from pipeline.study.project import open_project
from tests.pipeline.commands.verdict_files import PARAMS, component, write


def test_each_component_has_verdict_effect_interval_cost_and_n(tmp_path: Path) -> None:
    root = write(
        tmp_path, component("L2", "equivalent", 0.1, 0.2), component("dropout", "hurts", -1.25, 0.5)
    )
    assert list(show_lines(open_project(root))) == [
        "study main: What helps?",
        "effects on test accuracy with 95 % intervals over n paired replicates",
        "",
        "digits   verdict       effect (pp)           cost per step       n",
        "L2       ◆ equivalent  +0.10 [−0.10, +0.30]  ×1.25 [1.20, 1.30]  5",
        "dropout  ▼ hurts       −1.2 [−1.8, −0.8]     ×1.25 [1.20, 1.30]  5",
        "",
        "The placebo came out equivalent.",
        "20 of 20 planned runs finished.",
        "runs: `knockout ui` opens them in MLflow",
    ]


def test_costs_that_were_not_timed_apart_are_those_of_runs(tmp_path: Path) -> None:
    unknown = dict.fromkeys(("effect_pp", "ci_low_pp", "ci_high_pp", "time_ratio"))
    rows = [
        component("L2", "helps", 1, 0.5, step_ratio=None),
        component("l1", "inconclusive", 0, 0, step_ratio=None, **unknown),
    ]
    lines = list(show_lines(open_project(write(tmp_path, *rows))))
    assert "CPU time per run" in lines[3]
    assert lines[4].split()[-2:] == ["×1.40", "5"]
    assert lines[5].split() == ["l1", "○", "inconclusive", "–", "–", "5"]


def test_page_and_interface_are_named_as_one_reaches_them_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, component("L2", "helps", 1, 0.5))
    (root / "reports").mkdir()
    for name in ("Makefile", "reports/index.html"):
        (root / name).write_text("", encoding="utf-8")
    monkeypatch.chdir(root)
    *_, page, runs = show_lines(open_project())
    assert page == "page: reports/index.html"
    assert runs == "runs: `make ui` opens them in MLflow"


def test_an_unavailable_dataset_is_told(tmp_path: Path) -> None:
    root = write(tmp_path, component("L2", "helps", 1, 0.5))
    card = {"name": "digits", "in_study": True, "available": False, "remedy": "Ask again."}
    (root / "results/digits").mkdir()
    (root / "results/digits/dataset.json").write_text(json.dumps(card), encoding="utf-8")
    lines = list(show_lines(open_project(root)))
    assert "digits is unavailable and not part of this. Ask again." in lines


def test_without_a_report_it_names_what_makes_one(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(PARAMS, encoding="utf-8")
    rule = r"results/verdicts.json must hold.*`knockout run`.*`knockout report`"
    with pytest.raises(StudyError, match=rule):
        list(show_lines(open_project(tmp_path)))


def test_a_file_that_holds_something_else_is_refused_in_one_line(tmp_path: Path) -> None:
    root = write(tmp_path)
    for content in ("[]", "{", '{"study": 1}'):
        (root / "results/verdicts.json").write_text(content, encoding="utf-8")
        with pytest.raises(StudyError, match=r"must hold verdicts.*writes it anew"):
            list(show_lines(open_project(root)))
