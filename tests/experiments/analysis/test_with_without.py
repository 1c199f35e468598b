"""Accuracy and seconds with and without each component."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.with_without import COLUMNS, with_without
from tests.experiments.analysis.conftest import study_of


def test_sides_differ_by_the_main_effect(run_table, factors) -> None:
    runs = run_table(factors, {"dropout:on": 0.02})
    means = runs[runs["arm"] == "cell"].groupby("dropout")[["test_accuracy", "fit_cpu_s"]].mean()

    row = with_without(runs, study_of(factors, runs)).set_index("component").loc["dropout"]

    assert row["accuracy_with"] == pytest.approx(means.loc["on", "test_accuracy"])
    assert row["accuracy_without"] == pytest.approx(means.loc["off", "test_accuracy"])
    gained = 100 * (row["accuracy_with"] - row["accuracy_without"])
    assert row["difference_pp"] == pytest.approx(gained)
    assert row["fit_cpu_s_with"] == pytest.approx(means.loc["on", "fit_cpu_s"])
    assert row["fit_cpu_s_ratio_low"] < 2 < row["fit_cpu_s_ratio_high"]


def test_one_row_per_level(run_table, factors) -> None:
    runs = run_table(factors, datasets=("mnist", "digits"))
    table = with_without(runs, study_of(factors, runs))

    assert tuple(table.columns) == COLUMNS
    assert table.groupby("dataset").size().tolist() == [6, 6]


def test_both_sides_lose_the_pair_of_a_lost_run(run_table, factors) -> None:
    runs = run_table(factors, {"optimizer:adam": 0.05, "l2:on": 0.01}, sd=0.0)
    runs.loc[(runs["cell"] == "adam+l2") & (runs["replicate"] == 0), "status"] = "failed"

    row = with_without(runs, study_of(factors, runs)).set_index("component").loc["l2"]

    assert row["n_pairs"] == 15
    assert row["accuracy_with"] - row["accuracy_without"] == pytest.approx(0.01)


def test_a_row_is_on_the_blocks_of_the_look_at_which_it_was_judged(run_table, factors) -> None:
    runs = run_table(factors, {"dropout:on": 0.02}, replicates=8)
    study = study_of(factors, runs, looks={"mnist": (4, 8)})
    everywhere = with_without(runs, study)
    judged = everywhere.assign(look=np.where(everywhere["component"] == "dropout", 1, 2))

    row = with_without(runs, study, judged).set_index("component")["n"]
    first = with_without(runs[runs["replicate"] < 4], study)
    own = with_without(runs, study, judged)

    assert set(everywhere["n"]) == {8} and row["dropout"] == 4
    assert set(row.drop("dropout")) == {8}
    names = ["accuracy_with", "difference_pp", "ci_low_pp", "fit_cpu_s_ratio"]
    for name in names:
        at = own["component"] == "dropout"
        assert own.loc[at, name].item() == pytest.approx(first.loc[at, name].item())


def test_a_table_without_wall_times_leaves_them_open(run_table, switches) -> None:
    runs = run_table(switches).drop(columns="fit_wall_s")
    table = with_without(runs, study_of(switches, runs))

    assert table["fit_wall_s_ratio"].isna().all()
    assert np.isfinite(table["fit_cpu_s_ratio"]).all()
