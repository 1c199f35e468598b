"""`knockout show` and `compare` say what was found, how sure that is, and what differs, and why."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from experiments.errors import StudyError
from pipeline.commands.show_and_compare import compare_lines, show_lines
from pipeline.study.project import open_project

PARAMS = """
study:
  datasets: [digits]
  replicates: 5
  factors: {l2: {off: 0, on: 1.0e-4}, dropout: {off: 0, on: 0.2}}
"""


def component(name: str, verdict: str, effect: float, half: float, **other: Any) -> dict[str, Any]:
    """Return what the file says of one component."""
    return {
        "dataset": "digits", "component": name, "level": "on", "null_level": "off",
        "title": name, "n": 5, "n_pairs": 2, "effect_pp": effect, "ci_low_pp": effect - half,
        "ci_high_pp": effect + half, "sd_pp": 0.5, "unit": "pp", "p_adjusted": 0.01,
        "margin_pp": 0.5, "alpha": 0.05, "family_size": 2, "verdict": verdict,
        "verdict_reason": f"rule of {verdict}", "step_ratio": 1.25, "step_low": 1.2,
        "step_high": 1.3, "time_ratio": 1.4, "time_ratio_low": None, "time_ratio_high": None,
        "conditioned_on": {"averaged_over": {"other": ["off", "on"]},
                           "held_fixed": {"epochs": 20, "patience": None}},
        "run_keys": [f"{name}-{i}" for i in range(4)],
        **other,
    }  # fmt: skip


def write(folder: Path, *components: dict[str, Any], **other: Any) -> Path:
    """Write a project with these verdicts and return its folder."""
    results = folder / "results"
    results.mkdir(parents=True, exist_ok=True)
    (folder / "params.yaml").write_text(PARAMS, encoding="utf-8")
    content = {
        "study": "main", "question": "What helps?", "response": "test_accuracy", "alpha": 0.05,
        "sureness": ["The placebo came out equivalent.", "20 of 20 planned runs finished."],
        "components": components, **other,
    }  # fmt: skip
    (results / "verdicts.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


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


SAME = component("L2", "equivalent", 0.1, 0.2)


def git(root: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose first commit found something else than its working tree."""
    root = write(
        tmp_path, SAME, component("dropout", "hurts", -1.25, 0.5), component("l1", "helps", 1, 0.5)
    )
    git(root, "init", "--quiet")
    git(root, "add", "-A")
    git(root, "commit", "--quiet", "-m", "first")
    settings = {"averaged_over": {"other": ["off", "on"]}, "held_fixed": {"epochs": 40}}
    later = component(
        "dropout", "inconclusive", -0.25, 0.5, n=10, margin_pp=0.3, p_adjusted=0.2,
        conditioned_on=settings, run_keys=["a", "b"], step_ratio=None,
    )  # fmt: skip
    return write(tmp_path, {**SAME, "conditioned_on": settings}, later)


def test_two_commits_differ_in_verdict_effect_n_margin_settings_and_runs(root: Path) -> None:
    lines = list(compare_lines(open_project(root), "HEAD", None))
    # Welch's interval: variances 0.25 / 5 and 0.25 / 10, 8.1 degrees of freedom.
    assert lines == [
        "A: study main in HEAD:results",
        "B: study main in results",
        "digits: epochs 20 → 40",
        "",
        "digits dropout: hurts → inconclusive",
        "  effect −1.2 [−1.8, −0.8] pp → −0.2 [−0.8, +0.2] pp, moved by +1.0 [+0.4, +1.6]",
        "  adjusted p 0.010 → 0.20",
        "  rule of hurts → rule of inconclusive",
        "  replicates 5 → 10; margin 0.5 → 0.3",
        "  runs 4 → 2, of which both have 0",
        "  cost per step ×1.25 [1.20, 1.30] → CPU time per run ×1.40",
        "",
        "1 verdict changed, 1 did not",
        "  digits L2: equivalent; +0.10 [−0.10, +0.30] pp",
        "in A alone: digits l1",
    ]


def test_the_same_runs_judged_anew_are_no_independent_samples(root: Path) -> None:
    write(root, SAME, component("dropout", "equivalent", -0.2, 0.2))
    lines = list(compare_lines(open_project(root), "HEAD", None))
    assert "  the same 4 runs: the analysis changed, not the training" in lines
    assert not any("moved by" in line for line in lines)


def test_a_setting_that_is_off_where_it_is_known_is_no_difference(root: Path) -> None:
    older = {"averaged_over": {"other": ["off", "on"]}, "held_fixed": {"mixup": 0.0, "epochs": 40}}
    write(root / "old", {**SAME, "conditioned_on": older})
    lines = list(compare_lines(open_project(root), "old", None))
    assert lines[2:4] == ["", "0 verdicts changed, 1 did not"]


def test_a_folder_goes_before_a_declared_study_and_that_before_a_revision(root: Path) -> None:
    git(root, "branch", "other")
    (root / "experiments/studies").mkdir(parents=True)
    text = (root / "params.yaml").read_text(encoding="utf-8")
    (root / "experiments/studies/other.yaml").write_text(text, encoding="utf-8")
    named = write(root / "elsewhere", SAME) / "results"
    (root / "results/studies/other").mkdir(parents=True)
    target = root / "results/studies/other/verdicts.json"
    target.write_bytes((named / "verdicts.json").read_bytes())
    project = open_project(root)
    assert next(iter(compare_lines(project, "other", None))) == "A: study main in other"
    assert next(iter(compare_lines(project, str(named), None))).endswith(str(named))
    (root / "experiments/studies/other.yaml").unlink()
    assert next(iter(compare_lines(project, "other", None))) == "A: study main in other:results"


def test_a_name_that_is_nothing_is_refused_in_one_line(root: Path) -> None:
    rule = r"`nothing` must be a folder.*none of these.*`git log"
    for name in ("nothing", "--output=x"):
        with pytest.raises(StudyError, match=rule.replace("nothing", name)):
            list(compare_lines(open_project(root), name, None))
    assert not (root / "x").exists()
