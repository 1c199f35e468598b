"""What the stages left is read back whole; what is not there is said."""

import json
from dataclasses import asdict

import pandas as pd
import pytest

from experiments.design.study import parse_study
from experiments.errors import StudyError
from pipeline.results.tables.analyse import empty_tables, load_results
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.store.table_file import write_table
from pipeline.study.timing.step_cost_file import read_step_costs

PLANNED = {"digits": 10, "mnist": 10}


@pytest.fixture
def asked():
    return parse_study(
        {
            "datasets": ["digits", "mnist"],
            "replicates": 2,
            "factors": {"optimizer": ["sgd", "adam"], "l2": {"off": 0, "None": 1e-3}},
            "margins": {"mnist": 0.2},
        }
    )


@pytest.fixture
def root(tmp_path, asked):
    """Results of digits alone."""
    folder, empty = tmp_path / "digits", empty_tables(asked)
    folder.mkdir()
    card = DatasetCard("digits", True, True, n_train=1797, class_names=("0", "1"))
    (folder / "dataset.json").write_text(json.dumps(asdict(card)), encoding="utf-8")
    runs = pd.DataFrame(
        {"run_key": ["a", "b"], "dataset": "digits", "arm": ["cell", "placebo"], "status": "ok",
         "numpy": ["2.4.6", "2.3.0"]}
    )  # fmt: skip
    write_table(folder / "runs.parquet", runs.reindex(columns=empty["runs"].columns))
    history = pd.DataFrame({"run_key": ["a"], "epoch": [1]})
    history = history.reindex(columns=empty["history"].columns)
    write_table(folder / "history.parquet", history)
    costs = pd.DataFrame({"component": ["l2", "l2"], "level": ["None", "1"], "ratio": [1.1, None]})
    columns = [*empty["step_cost"].columns.drop("dataset"), "key"]
    costs.reindex(columns=columns).to_csv(folder / "step_cost.csv", index=False)
    return tmp_path


def test_tables_are_read_and_what_is_missing_has_its_columns(root, asked):
    results = load_results(root, asked, PLANNED)
    assert list(results.runs["run_key"]) == ["a", "b"]
    assert len(results.history) == 1
    assert results.cells_of("digits")["run_key"].tolist() == ["a"]
    for name, empty in empty_tables(asked).items():
        assert list(getattr(results, name).columns) == list(empty.columns), name
    assert results.tuning.empty
    assert results.predictions.empty


def test_a_level_that_looks_like_a_number_or_like_nothing_stays_a_name(root, asked):
    costs = load_results(root, asked, PLANNED).step_cost
    assert costs["level"].tolist() == ["None", "1"]
    assert costs["dataset"].tolist() == ["digits", "digits"]
    assert costs["ratio"].isna().tolist() == [False, True]
    assert read_step_costs(root / "digits/step_cost.csv")["key"].tolist() == ["", ""]


def test_a_table_of_another_version_names_the_stage_that_makes_it_again(root, asked):
    path = root / "digits" / "runs.parquet"
    write_table(path, pd.read_parquet(path).drop(columns=["shared_cores", "l2"]))
    with pytest.raises(StudyError, match=r"lacks l2, shared_cores\. Run `dvc repro train@digits`"):
        load_results(root, asked, PLANNED)


def test_a_dataset_without_files_is_not_available_yet(root, asked):
    results = load_results(root, asked, PLANNED)
    assert results.measured == ["digits"]
    (mnist,) = results.unavailable
    assert (mnist.name, mnist.remedy) == ("mnist", "Run `dvc repro`.")


def test_two_machines_are_named_beside_each_other(root, asked):
    assert load_results(root, asked, PLANNED).environment["numpy"] == "2.3.0, 2.4.6"


def test_a_study_without_any_result_is_empty(tmp_path, asked):
    results = load_results(tmp_path, asked, PLANNED)
    assert results.measured == []
    assert results.cells_of("digits").empty
    assert results.environment == {}
