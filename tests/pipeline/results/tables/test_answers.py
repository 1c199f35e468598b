"""What is written beside the comparison: curves and rates for `dvc plots`, times to target."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.results.tables.answers import CURVES, RATES, learning_curves, time_table
from tests.pipeline.conftest import without


def test_curves_average_the_replicates_of_the_baseline_and_its_neighbours(study):
    curves = learning_curves(study)
    assert list(curves) == CURVES
    mnist = curves[curves["dataset"] == "mnist"]
    assert set(mnist["cell"]) == {
        "sgd", "momentum", "rmsprop", "adam", "sgd+l2", "sgd+dropout", "sgd+augmentation",
    }  # fmt: skip
    assert set(mnist["n"]) == {5}
    keys = study.runs.query("dataset == 'mnist' and cell == 'adam'")["run_key"]
    third = study.history[study.history["run_key"].isin(keys) & (study.history["epoch"] == 3)]
    by_hand = third["val_accuracy"].mean()
    shown = mnist.query("cell == 'adam' and epoch == 3")["val_accuracy"].item()
    assert shown == pytest.approx(by_hand)


def test_rates_average_the_ledger_and_leave_out_what_diverged(small, written):
    rates = pd.read_csv(written / "learning_rates.csv")
    assert list(rates) == RATES
    ok = small.tuning[small.tuning["status"] == "ok"]
    assert set(rates["arm"]) == {*small.study.factors[0].labels, "placebo"}
    for arm, curve in rates.groupby("arm"):
        own = ok[ok["arm"] == arm]
        assert 1 < len(curve) <= small.study.tune.trials
        low, high = own["value"].agg(["min", "max"])
        assert curve["value"].between(low - 1e-6, high + 1e-6).all()
    # Each of five blocks chose once.
    assert rates.groupby("arm")["chosen"].sum().eq(5).all()


def test_nothing_stored_gives_an_empty_table(small):
    assert learning_curves(without(small, "history")).empty


def test_cells_and_both_sides_of_every_component_stand_in_one_table(small_tables) -> None:
    table = time_table(small_tables["cell_times"], small_tables["component_times"])

    cells, components = (table[table["scope"] == scope] for scope in ("cell", "component"))
    assert len(cells) == 33
    assert components["side"].tolist() == ["with", "without"] * 6
    pairs = components[["component", "level"]].to_numpy().tolist()
    assert pairs[::2] == pairs[1::2]
    with_it = components[components["side"] == "with"]
    assert with_it["difference_s"].notna().all()
    assert components.loc[components["side"] == "without", "difference_s"].isna().all()
    source = small_tables["component_times"]
    assert with_it["restricted_mean_s"].tolist() == source["restricted_mean_s_with"].tolist()
    without = components.loc[components["side"] == "without", "n_reached"].tolist()
    assert without == source["n_reached_without"].tolist()


def test_the_comparison_shows_the_cells_median(small_tables) -> None:
    table = time_table(small_tables["cell_times"], small_tables["component_times"])
    medians = table[table["scope"] == "cell"].set_index("cell")["median_s"]
    shown = small_tables["cells"].set_index("cell")["time_to_target_s"]

    pd.testing.assert_series_equal(shown.sort_index(), medians.sort_index(), check_names=False)


def test_nothing_computed_gives_an_empty_table(small_tables) -> None:
    times = time_table(small_tables["cell_times"], small_tables["component_times"])
    empty = time_table(
        small_tables["cell_times"].iloc[:0], small_tables["component_times"].iloc[:0]
    )
    assert empty.empty
    assert list(empty.columns) == list(times.columns)


def test_one_run_that_shared_marks_its_dataset(small) -> None:
    alone = replace(small, runs=small.runs.assign(shared_cores=False))
    one = small.runs["run_key"].eq(small.runs["run_key"].iloc[0])
    mixed = replace(small, runs=small.runs.assign(shared_cores=one))

    found = [results.shared_cores for results in (small, alone, mixed)]
    assert found == [{"digits": shared} for shared in (True, False, True)]


def test_every_table_with_wall_times_is_marked(small_tables) -> None:
    for name in ("cells", "with_without"):
        assert small_tables[name]["shared_cores"].all()
