"""`knockout compare` says which verdicts changed, and what of them."""

import subprocess
from pathlib import Path

import pytest

from experiments.errors import StudyError
from pipeline.commands.compare import compare_lines
from pipeline.study.project import open_project
from tests.pipeline.commands.verdict_files import component, write

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
