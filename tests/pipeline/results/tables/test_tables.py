"""The tables of a study: sorted, counted, traced to their runs."""

import itertools
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.results.findings import plain, verdicts
from pipeline.results.sureness import notes, run_counts
from pipeline.results.tables import comparison_table
from pipeline.results.tables.analyse import analyse
from pipeline.results.tables.answers import metrics, write_answers
from pipeline.results.tables.component_tables import sides
from pipeline.study.dataset_card import DatasetCard
from tests.pipeline.conftest import without

CONTRACT = (
    *("comparison.csv", "comparison.md", "comparison.tex", "effects.csv", "verdicts.json"),
    *("with_without.md", "with_without.csv", "metrics.json"),
)


def strict(text):
    """Read JSON, refusing what JSON does not have: NaN and infinities."""

    def refuse(name):
        raise ValueError(name)

    return json.loads(text, parse_constant=refuse)


def shown_cells(tables, results):
    """Return the comparison as it is shown."""
    return comparison_table.comparison(results, tables).texts


def lose(study, key, **values):
    """Return the study with one run's fields changed."""
    runs = study.runs.copy()
    for column, value in values.items():
        runs.loc[runs["run_key"] == key, column] = value
    return replace(study, runs=runs)


def test_the_same_results_in_any_order_give_the_same_bytes(small, written, tmp_path):
    shuffled = replace(small, runs=small.runs.sample(frac=1, random_state=1))
    tables = analyse(shuffled)
    write_answers(shuffled, tables, verdicts(shuffled, tables), tmp_path)
    for path in written.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
    assert set(CONTRACT) <= {path.name for path in written.iterdir()}


def test_cells_are_sorted_by_dataset_then_by_difference(study, tables):
    cells = comparison_table.in_order(tables["cells"])
    assert list(dict.fromkeys(cells["dataset"])) == study.measured
    for _, rows in cells.groupby("dataset"):
        shown = rows["difference_pp"].where(~rows["is_baseline"], 0.0)
        assert (shown.round(9).diff().dropna() <= 0).all()


def test_equals_are_sorted_by_name_whatever_the_last_bit(tables):
    cells = tables["cells"].copy()
    first = cells.index[cells["dataset"] == "digits"][1:3]
    cells.loc[first, "difference_pp"] = [0.3, 0.1 + 0.2]
    cells = cells.loc[first].assign(is_baseline=False)
    assert list(comparison_table.in_order(cells)["cell"]) == sorted(cells["cell"])


def test_the_baseline_and_the_placebo_are_marked(study, tables):
    shown = shown_cells(tables, study)
    baseline = shown[shown["verdict"] == "baseline"]
    assert len(baseline) == len(study.measured)
    assert baseline["cell"].str.endswith("(baseline)").all()
    assert set(baseline["difference (pp)"]) == {"–"}
    assert (shown["cell"] == "placebo").sum() == len(study.measured)


def test_wide_and_long_say_the_same(study, tables):
    long = comparison_table.long(comparison_table.in_order(tables["cells"]), study)
    wide = tables["cells"].set_index(["dataset", "cell"])
    some = long[long["measure"] == "difference_pp"].set_index(["dataset", "cell"])["value"]
    pd.testing.assert_series_equal(
        some.sort_index(), wide["difference_pp"].sort_index(), check_names=False
    )


def test_lost_runs_are_counted_where_they_are_missed(study_of):
    study = study_of(("digits",), n_test=300)
    keys = study.runs.loc[study.runs["cell"] == "adam", "run_key"].tolist()
    gone = {"test_accuracy": np.nan, "val_accuracy": np.nan}
    study = lose(study, keys[0], status="diverged", **gone)
    study = lose(study, keys[1], status="failed", **gone)
    study = replace(study, runs=study.runs[study.runs["run_key"] != keys[2]])
    row = run_counts(study).iloc[0]
    assert (row["diverged"], row["failed"], row["missing"]) == (1, 1, 1)
    assert row["ok"] == row["planned"] - 3
    tables = analyse(study)
    shown = shown_cells(tables, study).set_index("cell")
    assert shown.loc["adam", "n"] == "2 (1 diverged, 2 missing)"
    assert notes(study, tables["counts"]) == [
        f"digits: {row['planned']} runs planned, {row['ok']} ok, 1 diverged, 1 failed, 1 missing."
    ]
    numbers = metrics(study, tables)["digits"]
    assert (numbers["runs_diverged"], numbers["runs_lost"]) == (1, 2)


def test_an_unavailable_dataset_is_named_with_reasons_and_remedy(small, small_tables, tmp_path):
    card = DatasetCard("mnist", True, False, reasons=("mirror.example: timed out",
                       "openml.org: 503"), remedy="Set KNOCKOUT_DATA_MIRROR.")  # fmt: skip
    planned = {**small.planned, "mnist": 165}
    study = replace(small, cards={**small.cards, "mnist": card}, planned=planned)
    tables = {**small_tables, "counts": run_counts(study)}
    write_answers(study, tables, verdicts(study, tables), tmp_path)
    said = notes(study, tables["counts"])[1]
    assert said.startswith("MNIST is unavailable (mirror.example: timed out; openml.org: 503)")
    assert "KNOCKOUT_DATA_MIRROR" in said
    for name in ("comparison.md", "with_without.md"):
        assert "MNIST is unavailable" in (tmp_path / name).read_text(encoding="utf-8")
    assert "mnist" in strict((tmp_path / "metrics.json").read_text(encoding="utf-8"))


def test_an_empty_study_says_so_and_writes_every_file(small, small_tables, tmp_path):
    empty = without(small, "runs", "history", "predictions", "tuning", "step_cost")
    tables = analyse(empty)
    write_answers(empty, tables, verdicts(empty, tables), tmp_path)
    assert [name for name in tables if len(tables[name])] == ["counts"]
    for name, table in small_tables.items():
        assert list(tables[name].columns) == list(table.columns), name
    assert "No run has finished yet" in (tmp_path / "comparison.md").read_text(encoding="utf-8")
    assert strict((tmp_path / "verdicts.json").read_text(encoding="utf-8"))["components"] == []


def test_both_sides_differ_by_the_effect(study, tables):
    rows, effects = tables["with_without"], tables["effects"]
    gap = 100 * (rows["accuracy_with"] - rows["accuracy_without"])
    np.testing.assert_allclose(gap, rows["difference_pp"], atol=1e-9)
    np.testing.assert_allclose(rows["difference_pp"], effects["effect_pp"], atol=1e-9)
    shown = sides(study, tables).texts
    assert len(shown) == 6 * len(study.measured)
    assert list(shown["verdict"]) == list(effects["verdict"])
    assert shown["cost per step"].str.startswith("×").all()


def test_each_table_names_the_family_of_its_correction(written):
    page = (written / "with_without.md").read_text(encoding="utf-8")
    (about,) = [line for line in page.splitlines() if "both sides average the same cells" in line]
    assert "Holm over all 6 component effects of the study" in about
    assert "within a dataset" not in about
    cells = (written / "comparison.md").read_text(encoding="utf-8").splitlines()[-1]
    assert "Holm over the cells of a dataset" in cells


def test_the_cost_of_a_cell_is_the_sum_of_what_its_components_add(small, small_tables):
    shown = shown_cells(small_tables, small).set_index("cell")["cost per step"]
    assert shown["adam"] == "×1.14"
    assert shown["adam+dropout"] == "≈×1.26"


def test_every_sentence_is_traced_to_the_runs_it_rests_on(study, tables):
    said = verdicts(study, tables)
    runs = study.runs.set_index("run_key")
    assert len(said["components"]) == len(tables["effects"])
    for entry in said["components"]:
        rows = runs.loc[entry["run_keys"]]
        assert set(rows["dataset"]) == {entry["dataset"]}
        assert set(rows[entry["component"]]) == {entry["level"], entry["null_level"]}
        # Of a full factorial both sides have as many runs, and no run counts twice.
        assert len(rows) == 2 * entry["n_pairs"] * entry["n"]
        assert rows.index.is_unique
        assert entry["component"] not in entry["conditioned_on"]["averaged_over"]
        assert entry["conditioned_on"]["held_fixed"]["batch_size"] == 128


def test_the_effect_is_what_the_traced_runs_give(study, tables):
    for entry in itertools.islice(verdicts(study, tables)["components"], 4):
        rows = study.runs.set_index("run_key").loc[entry["run_keys"]]
        means = rows.groupby(entry["component"])["test_accuracy"].mean()
        gap = 100 * (means[entry["level"]] - means[entry["null_level"]])
        assert gap == pytest.approx(entry["effect_pp"])


def test_json_has_no_nan():
    assert [plain(v) for v in (math.nan, np.float64("inf"), np.int64(3), "x")] == [
        None, None, 3, "x",
    ]  # fmt: skip


def test_metrics_are_few_and_flat(study, tables):
    found = metrics(study, tables)
    assert list(found) == list(study.cards)
    for numbers in found.values():
        assert len(numbers) <= 15
        assert all(isinstance(value, int | float) for value in numbers.values())
        assert {"effect_pp_adam", "effect_pp_l2", "placebo_pp"} <= set(numbers)
        assert numbers["best_test_accuracy"] >= numbers["baseline_test_accuracy"]
