"""A measure that is added after the runs: shown by the report, and nothing is trained for it."""

import pandas as pd
import pytest

from pipeline.stages import champion_stage, data_stage, report_stage, train_stage
from pipeline.study.project import open_project

PARAMS = """
study:
  datasets: [digits]
  replicates: 2
  response: {response}
  factors:
    dropout: {{off: 0, on: 0.2}}
  recipe: {{hidden: [16], batch_size: 64, epochs: 1, learning_rate: 0.1, validation_fraction: 0.2}}
run: {{executor: in-process}}
time: {{processes: 0}}
"""
OWN = """
import numpy as np

def kappa(truth, probabilities):
    guess = probabilities.argmax(axis=1)
    counts = [np.bincount(of, minlength=10) / len(truth) for of in (truth, guess)]
    chance = counts[0] @ counts[1]
    return (np.mean(guess == truth) - chance) / (1 - chance)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text(PARAMS.format(response="accuracy"), encoding="utf-8")
    project = open_project(tmp_path)
    for stage in (data_stage, train_stage, champion_stage):
        stage.run(project, "digits")
    with monkeypatch.context() as patch:
        patch.setattr(report_stage, "draw_figures", lambda *_: [])
        report_stage.run(project)
    return project


def test_a_measure_added_later_is_shown_and_nothing_is_trained(project, monkeypatch):
    root = project.root
    stored = {p: p.read_bytes() for p in project.store.root.rglob("*.run")}
    table = (project.results("digits") / "runs.parquet").read_bytes()
    first = pd.read_csv(project.results() / "comparison.csv")
    said = '{primary: macro_f1, secondary: [accuracy, ece, "later_scores:kappa"]}'
    (root / "params.yaml").write_text(PARAMS.format(response=said), encoding="utf-8")
    (root / "later_scores.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(str(root))

    def refuse(*_):
        raise AssertionError("something was trained")

    monkeypatch.setattr("experiments.run.execute.execute_whole", refuse)
    again = open_project(root)
    report_stage.run(again)

    assert {p: p.read_bytes() for p in project.store.root.rglob("*.run")} == stored
    assert (project.results("digits") / "runs.parquet").read_bytes() == table
    cells = pd.read_csv(project.results() / "comparison.csv").set_index("cell")
    assert cells["mean_macro_f1"].between(0, 1).all()
    pd.testing.assert_series_equal(
        cells["test_accuracy"], first.set_index("cell")["mean_accuracy"], check_names=False,
        check_like=True,
    )  # fmt: skip
    # Ten classes of a tenth each: what chance gives is a tenth.
    expected = (cells["test_accuracy"] - 0.1) / 0.9
    assert (cells["test_kappa"] - expected).abs().max() < 0.01
    page = (project.reports / "index.html").read_text(encoding="utf-8")
    assert "kappa" in page and "macro F1" in page
