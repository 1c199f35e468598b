"""What the stages left is read back whole; what is not there is said."""

import json

import pandas as pd
import pytest

from experiments.design.study import parse_study
from pipeline.results.study_results import load_results


@pytest.fixture
def asked():
    return parse_study(
        {
            "datasets": ["digits", "mnist"],
            "replicates": 2,
            "factors": {"optimizer": ["sgd", "adam"], "l2": {"off": 0, "on": 1e-3}},
            "margins": {"mnist": 0.2},
        }
    )


@pytest.fixture
def root(tmp_path):
    """Results of digits alone."""
    folder = tmp_path / "digits"
    folder.mkdir()
    card = {"name": "digits", "available": True, "class_names": ["0", "1"]}
    (folder / "dataset.json").write_text(json.dumps(card))
    runs = pd.DataFrame(
        {"run_key": ["a", "b"], "dataset": "digits", "arm": ["cell", "placebo"], "status": "ok"}
    )
    runs.to_parquet(folder / "runs.parquet")
    pd.DataFrame({"run_key": ["a"], "epoch": [1]}).to_parquet(folder / "history.parquet")
    pd.DataFrame({"component": ["l2"], "level": ["1"], "ratio": [1.1]}).to_csv(
        folder / "step_cost.csv", index=False
    )
    return tmp_path


def test_tables_are_read_and_what_is_missing_is_empty(root, asked):
    results = load_results(root, asked)
    assert list(results.runs["run_key"]) == ["a", "b"]
    assert len(results.history) == 1
    assert results.tuning.empty
    assert results.predictions.empty
    assert results.cells_of("digits")["run_key"].tolist() == ["a"]


def test_a_level_that_looks_like_a_number_stays_a_name(root, asked):
    costs = load_results(root, asked).step_cost
    assert costs["level"].tolist() == ["1"]
    assert costs["dataset"].tolist() == ["digits"]


def test_a_dataset_without_files_is_not_available_yet(root, asked):
    results = load_results(root, asked)
    assert results.measured == ["digits"]
    assert list(results.unavailable) == ["mnist"]
    assert results.unavailable["mnist"]["remedy"] == "Run `dvc repro`."


def test_the_study_says_what_was_asked_and_how(root, asked):
    results = load_results(root, asked, planned={"digits": 10})
    assert results.baseline == {"optimizer": "sgd", "l2": "off"}
    assert results.margins == {"digits": 0.5, "mnist": 0.2}
    assert results.protocol["replicates"] == 2
    assert set(results.protocol["recipe"]) == {"digits", "mnist"}
    assert results.planned == {"digits": 10}


def test_a_study_without_any_result_is_empty(tmp_path, asked):
    results = load_results(tmp_path, asked)
    assert results.measured == []
    assert results.runs.empty
    assert results.cells_of("digits").empty
