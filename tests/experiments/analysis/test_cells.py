"""The comparison table of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.cells import COLUMNS, cell_comparison
from experiments.analysis.multiplicity import holm
from experiments.analysis.paired import paired_t
from tests.experiments.analysis.conftest import study_of


def _cells(runs: pd.DataFrame, factors) -> pd.DataFrame:
    table = cell_comparison(runs, study_of(factors, runs), rng=np.random.default_rng(0))
    return table.set_index(["dataset", "cell"], drop=False)


def test_one_row_per_cell_and_the_placebo_last(run_table, factors) -> None:
    table = _cells(run_table(factors, datasets=("mnist", "digits")), factors)

    names = [factor.name for factor in factors]
    assert tuple(table.columns) == ("dataset", "cell", "arm", *names, *COLUMNS)
    assert len(table) == 66
    assert table.loc["mnist"]["arm"].tolist() == ["cell"] * 32 + ["placebo"]
    assert table.loc["mnist"]["cell"].iloc[[0, -1]].tolist() == ["sgd", "placebo"]


def test_differences_are_paired_with_the_baseline(run_table, factors) -> None:
    runs = run_table(factors, {"l2:on": 0.01})
    by_cell = runs.pivot_table("test_accuracy", "replicate", "cell")
    expected = paired_t(100 * (by_cell["sgd+l2"] - by_cell["sgd"]).to_numpy())
    own = paired_t(by_cell["sgd+l2"].to_numpy())

    row = _cells(runs, factors).loc["mnist", "sgd+l2"]

    assert row["difference_pp"] == pytest.approx(expected.mean)
    assert row["difference_ci_high_pp"] == pytest.approx(expected.ci_high)
    assert row["p"] == pytest.approx(expected.p)
    assert (row["mean_accuracy"], row["mean_ci_low"]) == pytest.approx((own.mean, own.ci_low))
    assert row["p_better"] == 1.0
    assert row["fit_cpu_s"] == pytest.approx(1.0, abs=0.02)


def test_each_dataset_is_a_family(run_table, switches) -> None:
    table = _cells(run_table(switches, {"a:on": 0.01}, datasets=("mnist", "digits")), switches)

    cells, placebo = (table[table["arm"] == arm] for arm in ("cell", "placebo"))
    assert cells["family"].unique().tolist() == [
        "cells against the baseline of mnist",
        "cells against the baseline of digits",
    ]
    assert set(placebo["family"]) == {"placebo arms of the study, all datasets"}
    assert set(placebo["family_size"]) == {2}
    assert set(table.loc[table["arm"] == "cell", "family_size"]) == {7}
    mnist = table.loc["mnist"].query("arm == 'cell'")
    assert mnist["p_adjusted"].to_numpy() == pytest.approx(holm(mnist["p"]), nan_ok=True)


def test_the_baseline_is_marked_and_not_compared_with_itself(run_table, switches) -> None:
    table = _cells(run_table(switches), switches)
    baseline = table[table["is_baseline"]]

    assert len(baseline) == 1
    assert baseline["verdict"].tolist() == ["baseline"]
    assert baseline[["difference_pp", "p", "p_adjusted", "p_better"]].isna().all(axis=None)
    assert baseline["n"].tolist() == [5]


def test_the_placebo_is_no_different(run_table, factors) -> None:
    runs = run_table(factors, {"l2:on": 0.05}, replicates=10)
    row = _cells(runs, factors).loc["mnist", "placebo"]

    assert row["verdict"] in {"equivalent", "inconclusive"}
    assert row["difference_ci_low_pp"] < 0 < row["difference_ci_high_pp"]


def test_lost_runs_are_counted_and_leave_their_block(run_table, switches) -> None:
    runs = run_table(switches)
    a = (runs["cell"] == "a").to_numpy()
    runs.loc[np.flatnonzero(a)[0], "status"] = "diverged"
    runs.loc[np.flatnonzero(a)[1], "status"] = "failed"
    runs = runs.drop(index=np.flatnonzero(a)[2])

    row = _cells(runs, switches).loc["mnist", "a"]

    assert (row["n"], row["n_pairs"], row["n_diverged"], row["n_missing"]) == (2, 2, 1, 2)


def test_five_diverged_blocks_are_too_few_to_decide(run_table, switches) -> None:
    runs = run_table(switches)
    runs.loc[runs["cell"] == "a+b", "status"] = "diverged"

    row = _cells(runs, switches).loc["mnist", "a+b"]

    assert row["verdict"] == "inconclusive"  # five blocks of five are p = 1/16
    assert row["divergence_p"] == 0.0625
    assert (row["n_diverged_with"], row["n_diverged_without"]) == (5, 0)
    assert np.isnan([row["mean_accuracy"], row["difference_pp"], row["p"]]).all()
    assert row["family_size"] == 7


def test_ten_blocks_in_which_only_the_cell_diverged_decide(run_table, switches) -> None:
    runs = run_table(switches, replicates=12)
    runs.loc[runs["cell"] == "a+b", "status"] = "diverged"

    row = _cells(runs, switches).loc["mnist", "a+b"]

    assert row["verdict"] == "hurts"
    assert row["verdict_reason"] == "in 12 of 12 blocks only the runs with it diverged"


def test_a_design_without_baseline_has_means_only(run_table, switches) -> None:
    runs = run_table(switches, placebo=False)
    table = _cells(runs[runs["cell"].isin(["a+b+c", "a+b"])], switches)

    assert table["mean_accuracy"].notna().all()
    assert table["difference_pp"].isna().all()
    assert set(table["verdict"]) == {"inconclusive"}


@pytest.mark.slow
@pytest.mark.parametrize("n", [3, 5, 10])
def test_familywise_error_and_coverage(run_table, switches, n: int) -> None:
    datasets = tuple(f"d{i}" for i in range(100))
    runs = run_table(switches, replicates=n, datasets=datasets, seed=n)
    study = study_of(switches, runs, margins=dict.fromkeys(datasets, 0.01))

    table = cell_comparison(runs, study, rng=np.random.default_rng(0))

    found = table["verdict"].isin(["helps", "hurts"])
    # One alarm among a hundred placebo arms is what a family of them allows in 5 % of studies.
    assert found[table["arm"] == "placebo"].sum() <= 1
    rejected = found[table["arm"] == "cell"].groupby(table["dataset"]).any()
    assert rejected.mean() <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(datasets))
    compared = table[~table["is_baseline"]]
    covers = (compared["difference_ci_low_pp"] <= 0) & (compared["difference_ci_high_pp"] >= 0)
    assert covers.mean() >= 0.93
    assert ((table["mean_ci_low"] <= 0.9) & (table["mean_ci_high"] >= 0.9)).mean() >= 0.93
