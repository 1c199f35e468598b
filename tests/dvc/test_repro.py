"""`dvc repro` and its relatives: nothing is trained twice, and nothing stale stays."""

import json
import re

import pandas as pd
import pytest

pytestmark = pytest.mark.slow


def cells(clone):
    return set(pd.read_parquet(clone.root / "results/digits/runs.parquet")["cell"])


def test_repro_leaves_every_contract_file_and_tables_and_page_go_to_git(clone):
    for name in ("runs", "history", "predictions", "tuning"):
        assert (clone.root / f"results/digits/{name}.parquet").stat().st_size
    committed = clone.git("ls-files", "results", "reports").split()
    for name in ("comparison.csv", "effects.csv", "verdicts.json", "metrics.json"):
        assert f"results/{name}" in committed
    assert "reports/index.html" in committed
    assert not [name for name in committed if name.endswith((".parquet", ".svg", ".png"))]
    assert (clone.root / "reports/figures/effect_forest_digits.svg").stat().st_size


def test_a_second_repro_asks_for_source_data_and_results_and_runs_nothing(clone):
    before = clone.runs()
    said = clone.dvc("repro")
    asked = re.findall(r"Running stage '(.*)'", said)
    assert asked == ["code", "data@digits", "stored"]
    assert clone.runs() == before
    assert clone.git("status", "--short") == ""


def test_a_forced_stage_makes_the_same_bytes_and_trains_nothing(clone):
    before, table = clone.runs(), (clone.root / "results/digits/runs.parquet").read_bytes()
    clone.dvc("repro", "-f", "-s", "train@digits")
    assert clone.runs() == before
    assert (clone.root / "results/digits/runs.parquet").read_bytes() == table


def test_a_single_stage_redraws_the_report_byte_by_byte(clone):
    page = (clone.root / "reports/index.html").read_bytes()
    assert clone.dvc("repro", "-f", "-s", "report").count("Running stage") == 1
    assert (clone.root / "reports/index.html").read_bytes() == page


def test_dry_says_what_would_run_and_runs_nothing(clone):
    before = clone.runs()
    clone.edit("params.yaml", "replicates: 2", "replicates: 3")
    said = clone.dvc("repro", "--dry")
    for stage in ("train@digits", "report"):
        assert f"Running stage '{stage}'" in said
    assert clone.runs() == before
    assert clone.git("diff", "--name-only").split() == ["params.yaml"]


def test_status_names_the_stages_and_the_key_that_changed(clone):
    stale = json.loads(clone.dvc("status", "--json"))
    # Declared studies that were never run say so; of the main study only the data are asked for.
    own = {name: why for name, why in stale.items() if not name.startswith("experiments/")}
    assert own == {key: ["always changed"] for key in ("code", "data@digits", "stored")}
    clone.edit("params.yaml", "replicates: 2", "replicates: 3")
    stale = json.loads(clone.dvc("status", "--json"))
    assert {"train@digits", "report"} <= set(stale)


def test_dag_reads_from_data_to_mlflow_and_from_what_is_stored_to_the_report(clone):
    edges = clone.dvc("dag", "--dot").replace('"', "")
    for edge in (
        "code -> train@digits",
        "data@digits -> train@digits",
        "train@digits -> champion@digits",
        "champion@digits -> sync@digits",
        "stored -> report",
    ):
        assert edge in edges
    # Redrawing trains nothing, whatever has changed.
    assert not re.search(r"(train|champion|time)@digits -> (stored|report)", edges)


def test_the_report_is_redrawn_from_what_is_stored_and_trains_nothing(clone):
    before = clone.runs()
    clone.edit("params.yaml", "replicates: 2", "replicates: 3")
    assert "train@digits" not in clone.dvc("repro", "report")
    assert clone.runs() == before


def test_more_replicates_train_only_the_new_ones(clone):
    before = clone.runs()
    clone.edit("params.yaml", "replicates: 2", "replicates: 3")
    clone.dvc("repro", "train@digits")
    # Baseline, adam, dropout and the placebo, once each; two trials of each of three arms.
    assert len(clone.runs() - before) == 4 + 6
    assert before < clone.runs()


def test_a_removed_level_vanishes_from_every_table_and_trains_nothing(clone):
    assert "dropout" in cells(clone)
    before = clone.runs()
    clone.edit("params.yaml", "    dropout: {off: 0, on: 0.2}\n", "")
    clone.dvc("repro")
    assert clone.runs() == before
    assert cells(clone) == {"baseline", "adam", "placebo"}
    tables = [*(clone.root / "results").glob("*.[cmt]*"), clone.root / "results/metrics.json"]
    assert len(tables) > 12
    for file in tables:
        assert "dropout" not in file.read_text(), file.name
    answers = json.loads(clone.text("results/verdicts.json"))
    assert {row["component"] for row in answers["components"]} == {"optimizer"}


def test_editing_adam_trains_only_adams_runs(clone):
    before = clone.runs()
    clone.edit("nn/optimizers/adam.py", "class Adam(", "_EDITED = True\n\n\nclass Adam(")
    clone.dvc("repro", "train@digits")
    new = clone.runs() - before
    # Two trials in each of two blocks, and its one cell's two replicates.
    assert len(new) == 4 + 2
    table = pd.read_parquet(clone.root / "results/digits/runs.parquet")
    assert set(table[table["run_key"].isin(new)]["cell"]) == {"adam"}


def test_comments_and_layout_train_nothing(clone):
    before = clone.runs()
    clone.edit("nn/optimizers/adam.py", "class Adam(", "# A remark.\n\n\n\nclass Adam(")
    assert "Stage 'train@digits' didn't change" in clone.dvc("repro", "train@digits")
    assert clone.runs() == before
