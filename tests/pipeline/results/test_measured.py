"""A study that is judged by a loss: direction, unit and name in everything a reader meets."""

import json
import re

import pytest

from pipeline.results.answer import answer
from pipeline.results.figures.accuracy_cost import accuracy_cost
from pipeline.results.figures.component_rows import effect_forest
from pipeline.results.figures.gallery import draw_figures
from pipeline.results.findings import finding, verdicts
from pipeline.results.report.method import method
from pipeline.results.report.overview import matrix
from pipeline.results.report.report import write_report
from pipeline.results.tables.analyse import analyse
from pipeline.results.tables.answers import metrics, write_answers

PAIR = ("adam", "rmsprop")


@pytest.fixture(scope="module")
def loss(study_of):
    """Digits judged by log loss, with two measures beside it and a contrast."""
    said = {"primary": "log_loss", "secondary": ["accuracy", "ece"]}
    return study_of(
        ("digits",), replicates=10, n_test=300, response=said, contrasts=[list(PAIR)]
    )  # fmt: skip


@pytest.fixture(scope="module")
def loss_tables(loss):
    return analyse(loss)


def contrast_row(tables):
    effects = tables["effects"]
    return effects[(effects["level"] == PAIR[0]) & (effects["null_level"] == PAIR[1])].iloc[0]


def test_what_lowers_a_loss_helps(loss_tables):
    effects = loss_tables["effects"].set_index("title")
    assert effects.loc["adam vs sgd", "effect_pp"] < 0
    assert effects.loc["adam vs sgd", "verdict"] == "helps"
    assert set(effects["unit"]) == {"nats"} and set(effects["response"]) == {"test_log_loss"}
    assert set(effects["margin_pp"]) == {0.01}


def test_a_contrast_stands_in_the_same_family_with_the_step_cost_of_nothing(loss_tables):
    row, effects = contrast_row(loss_tables), loss_tables["effects"]
    assert row["title"] == "adam vs rmsprop"
    assert row["family_size"] == len(effects) == 7
    assert row["step_ratio"] != row["step_ratio"]
    sgd = effects.set_index(["level", "null_level"])["effect_pp"]
    assert row["effect_pp"] == pytest.approx(sgd["adam", "sgd"] - sgd["rmsprop", "sgd"])


def test_what_the_study_can_find_is_said_in_the_unit_of_the_loss(loss, loss_tables):
    (said,) = re.findall(
        r"four studies out of five find an effect of (.*?)\.</", method(loss, loss_tables)
    )
    assert "l2 0.0" in said and said.count(" nats") == said.count(",") + 1 and " pp" not in said


def test_sentences_name_measure_unit_and_contrast(loss, loss_tables):
    lines = " ".join(answer(loss, loss_tables))
    assert "lowered test log loss" in lines and " nats)" in lines
    assert "adam vs rmsprop" in lines
    sentence = finding(contrast_row(loss_tables), loss)
    assert "adam vs rmsprop" in sentence and "test log loss" in sentence
    assert "accuracy" not in sentence


def test_the_verdict_table_has_a_row_for_the_contrast(loss, loss_tables):
    squares = dict(matrix(loss, loss_tables))
    anchors = [square["anchor"] for (square,) in squares.values()]
    assert "adam vs rmsprop" in squares
    assert len(set(anchors)) == len(anchors) == 7


def test_files_call_figures_after_their_measure(loss, loss_tables, tmp_path):
    write_answers(loss, loss_tables, verdicts(loss, loss_tables), tmp_path)

    def head(name):
        return (tmp_path / name).read_text(encoding="utf-8").split("\n")[0].split(",")

    assert {"mean_log_loss", "test_accuracy", "test_ece_low"} <= set(head("comparison.csv"))
    assert {"log_loss_with", "log_loss_without", "unit"} <= set(head("with_without.csv"))
    assert {"response", "unit", "response_with"} <= set(head("secondary.csv"))
    shown = (tmp_path / "with_without.md").read_text(encoding="utf-8")
    assert "log loss without" in shown and "difference (nats)" in shown
    assert "## By other measures" in shown
    assert "| digits | adam vs rmsprop | test expected calibration error |" in shown
    said = json.loads((tmp_path / "verdicts.json").read_text(encoding="utf-8"))
    assert (said["response"], said["response_title"], said["unit"]) == (
        "test_log_loss", "test log loss", "nats"
    )  # fmt: skip
    keys = {(c["level"], c["null_level"]): c["run_keys"] for c in said["components"]}
    assert keys[PAIR] and not set(keys[PAIR]) & set(keys["momentum", "sgd"])


def test_dvc_metrics_hold_every_measure(loss, loss_tables):
    numbers = metrics(loss, loss_tables)["digits"]
    assert {"best_test_log_loss", "baseline_test_log_loss", "best_test_accuracy"} <= set(numbers)
    assert numbers["effect_pp_adam_vs_rmsprop"] == pytest.approx(
        contrast_row(loss_tables)["effect_pp"], abs=1e-6
    )


def test_the_best_cell_has_the_lowest_loss_on_validation_data(loss, loss_tables):
    cells = loss_tables["cells"].query("arm == 'cell'")
    chosen = cells.loc[cells["mean_validation"].idxmin()]
    best = metrics(loss, loss_tables)["digits"]["best_test_log_loss"]
    assert best == pytest.approx(chosen["mean_accuracy"], abs=1e-6)


def test_figures_and_page_are_headed_by_the_measure(loss, loss_tables, tmp_path):
    kinds = (effect_forest, accuracy_cost)
    figures = draw_figures(loss, loss_tables, tmp_path / "figures", {}, kinds)
    headings = [figure.heading for figure in figures]
    assert headings == ["What each component does", "Log loss against cost"]
    found = verdicts(loss, loss_tables)
    written = write_report(loss, loss_tables, found, figures, tmp_path)
    page = written.read_text(encoding="utf-8")
    assert "By other measures" in page and "adam vs rmsprop" in page
    assert "Accuracy against cost" not in page


def test_a_study_without_further_measures_shows_no_table_of_them(small, written):
    assert "By other measures" not in (written / "with_without.md").read_text(encoding="utf-8")
    assert len((written / "secondary.csv").read_text(encoding="utf-8").splitlines()) == 1
    assert small.secondary == []
