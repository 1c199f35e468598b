"""The component table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.effects import COLUMNS, SCHEMA, component_effects
from experiments.analysis.multiplicity import holm
from experiments.design.factors import Factor
from experiments.response.response import built_in
from tests.experiments.analysis.conftest import study_of

EFFECTS = {"optimizer:adam": 0.02, "l2:on": 0.01, "optimizer:adam l2:on": -0.008}


def _effects(runs: pd.DataFrame, factors, *, examples=None, own_split=None, **fields):
    study, rng = study_of(factors, runs, **fields), np.random.default_rng(0)
    table = component_effects(runs, study, rng=rng, examples=examples, own_split=own_split)
    return table.set_index(["dataset", "component", "level"], drop=False)


def test_known_effects_are_found(run_table, factors) -> None:
    table = _effects(run_table(factors, EFFECTS, datasets=("mnist", "digits")), factors)
    l2, adam = table.loc["mnist", "l2", "on"], table.loc["mnist", "optimizer", "adam"]

    assert tuple(table.columns) == COLUMNS
    assert len(table) == 12
    assert l2["effect_pp"] == pytest.approx(0.8, abs=0.1)
    assert l2["ci_low_pp"] < 0.8 < l2["ci_high_pp"]
    assert (l2["verdict"], adam["verdict"]) == ("helps", "helps")
    assert table.loc["digits", "dropout", "on"]["verdict"] == "equivalent"
    assert l2["add_one_in_pp"] == pytest.approx(1.0, abs=0.3)
    assert l2["leave_one_out_pp"] == pytest.approx(0.2, abs=0.3)
    assert (l2["n"], l2["n_cells"], l2["n_pairs"], adam["n_pairs"]) == (5, 32, 16, 8)
    assert l2["smallest_p"] == 0.0625
    assert table.loc["mnist", "dropout", "on"]["time_ratio"] == pytest.approx(2, abs=0.02)


def test_shapley_shares_sum_to_full_minus_base(run_table, factors) -> None:
    runs = run_table(factors, EFFECTS)
    means = runs.groupby("cell")["test_accuracy"].mean()
    on = [("optimizer", "adam"), *((name, "on") for name in ("l2", "dropout", "augmentation"))]

    table = _effects(runs, factors)

    total = sum(table.loc["mnist", name, level]["shapley_pp"] for name, level in on)
    assert total == pytest.approx(100 * (means["adam+l2+dropout+augmentation"] - means["sgd"]))


def test_the_family_is_the_whole_study(run_table, factors) -> None:
    table = _effects(run_table(factors, EFFECTS, datasets=("mnist", "digits")), factors)

    assert set(table["family_size"]) == {12}
    assert table["p_adjusted"].to_numpy() == pytest.approx(holm(table["p"]))


def test_swapping_the_labels_flips_every_sign(run_table, factors, switches) -> None:
    runs = run_table(switches, {"a:on": 0.01, "a:on b:on": -0.003})
    flipped = tuple(
        Factor(f.name, f.levels[::-1], f.null) if f.name == "a" else f for f in switches
    )

    one = _effects(runs, switches).loc["mnist", "a", "on"]
    other = _effects(runs, flipped).loc["mnist", "a", "off"]

    for name in ("effect_pp", "d_z", "shapley_pp"):
        assert other[name] == pytest.approx(-one[name])
    assert other["ci_low_pp"] == pytest.approx(-one["ci_high_pp"])
    assert other["p_better"] == pytest.approx(1 - one["p_better"])
    assert other["p"] == pytest.approx(one["p"])
    assert other["time_ratio"] == pytest.approx(1 / one["time_ratio"])
    assert {one["verdict"], other["verdict"]} == {"helps", "hurts"}


def test_a_level_that_diverges_in_four_blocks_is_undecided(run_table, switches) -> None:
    runs = run_table(switches)
    runs.loc[(runs["b"] == "on") & (runs["replicate"] > 0), "status"] = "diverged"

    row = _effects(runs, switches).loc["mnist", "b", "on"]

    assert row["verdict"] == "inconclusive"  # four blocks of four: p = 1/8
    assert row["divergence_p"] == 0.125
    assert "diverged on one side only in 4 of 5 blocks" in row["verdict_reason"]
    assert (row["n_diverged"], row["n_missing"]) == (16, 0)


def test_twelve_diverged_blocks_decide(run_table, switches) -> None:
    runs = run_table(switches, replicates=12)
    runs.loc[runs["b"] == "on", "status"] = "diverged"

    row = _effects(runs, switches).loc["mnist", "b", "on"]

    assert row["verdict"] == "hurts"
    assert row["verdict_reason"] == "in 12 of 12 blocks only the runs with it diverged"


def test_an_arm_that_could_not_be_tuned_does_not_hurt(run_table, switches) -> None:
    runs = run_table(switches, replicates=12)
    runs.loc[runs["b"] == "on", "status"] = "not_tuned"

    row = _effects(runs, switches).loc["mnist", "b", "on"]

    assert row["verdict"] == "inconclusive"
    assert row["verdict_reason"] == "it was not tuned: every trial of an arm diverged"
    assert (row["n_not_tuned"], row["n_missing"], row["n_diverged"]) == (48, 0, 0)


def test_a_small_design_says_what_it_cannot_give(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.01})
    table = _effects(runs[runs["cell"].isin(["", "a", "b", "c"])], switches)
    row = table.loc["mnist", "a", "on"]

    assert row["effect_pp"] == pytest.approx(row["add_one_in_pp"])
    assert np.isnan([row["shapley_pp"], row["leave_one_out_pp"], row["variance_share"]]).all()
    for reason in (
        "no Shapley share",
        "no leave-one-out",
        "no variance share",
        "no interval for other",
    ):
        assert reason in row["notes"]


def test_one_replicate_is_inconclusive(run_table, switches) -> None:
    table = _effects(run_table(switches, {"a:on": 0.5}, replicates=1), switches)

    assert set(table["verdict"]) == {"inconclusive"}
    assert table[["ci_low_pp", "p", "p_adjusted", "p_equivalence"]].isna().all(axis=None)


def test_crossed_intervals_stand_beside_where_images_are_common(run_table, switches) -> None:
    rng = np.random.default_rng(0)
    runs = run_table(switches, datasets=("mnist", "digits"))
    keys = runs.loc[runs["dataset"] == "mnist", "run_key"]
    correct = {key: rng.random(500) < 0.9 for key in keys}
    runs["test_accuracy"] = [
        correct[key].mean() if key in correct else value
        for key, value in zip(runs["run_key"], runs["test_accuracy"], strict=True)
    ]

    table = _effects(runs, switches, examples=correct)

    mnist, digits = table.loc["mnist"], table.loc["digits"]
    assert (mnist["images_ci_low_pp"] <= mnist["ci_low_pp"] + 1e-6).all()
    assert (mnist["images_ci_high_pp"] >= mnist["ci_high_pp"] - 1e-6).all()
    assert digits["images_ci_low_pp"].isna().all()
    assert digits["notes"].str.contains("no interval for other").all()


def test_every_column_is_declared_once_with_its_meaning() -> None:
    names = [column.name for column in SCHEMA]

    assert len(names) == len(set(names))
    assert all(column.meaning for column in SCHEMA)
    described = {column.name for column in SCHEMA if column.description}
    assert {"leave_one_out_pp", "add_one_in_pp", "shapley_pp", "p"} <= described
    assert not {"effect_pp", "p_adjusted", "p_equivalence_adjusted", "verdict"} & described


def test_re_splits_have_an_interval_for_other_images(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.02}, datasets=("mnist", "digits"), sd=0.004)
    table = _effects(runs, switches, own_split={"digits": 360 / 1437})

    row = table.loc["digits", "a", "on"]
    half, wide = row["ci_high_pp"] - row["effect_pp"], row["images_ci_high_pp"] - row["effect_pp"]
    assert wide / half == pytest.approx(np.sqrt(1 + 5 * 360 / 1437))
    assert row["images_interval"] == "Nadeau and Bengio's over re-splits"
    assert "no interval for other" not in row["notes"]
    assert table.loc["mnist"]["images_interval"].eq("").all()


def test_a_loss_that_falls_helps(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.02}, replicates=8)
    runs = runs.assign(test_log_loss=1 - runs["test_accuracy"])
    by_loss = {"responses": {"test_log_loss": built_in("log_loss")}, "margins": {"mnist": 0.005}}
    row, accuracy = (
        _effects(runs, switches, **fields).loc["mnist", "a", "on"] for fields in (by_loss, {})
    )

    assert (row["verdict"], row["unit"]) == ("helps", "nats")
    assert row["effect_pp"] == pytest.approx(-accuracy["effect_pp"] / 100)
    assert row["p_better"] == accuracy["p_better"]
    assert row["p"] == pytest.approx(accuracy["p"])
    assert row["verdict_reason"] == "adjusted p below alpha, interval below zero"


def test_bit_identical_runs_are_equivalent_and_equal_counts_are_not(run_table, switches) -> None:
    runs = run_table(switches, sd=0.0, replicates=5)
    same = runs["b"] + runs["c"] + runs["replicate"].astype(str)

    tied = _effects(runs, switches).loc["mnist", "a", "on"]
    alike = _effects(runs.assign(parameters_sha256=same), switches).loc["mnist"]

    assert tied["verdict"] == "inconclusive"
    assert "leaves no scale" in tied["verdict_reason"]
    assert alike.loc["a", "on"]["verdict"] == "equivalent"
    assert alike.loc["b", "on"]["verdict"] == "inconclusive"


def test_any_two_levels_are_compared_in_the_same_family(run_table, factors) -> None:
    runs = run_table(factors, {"optimizer:adam": 0.02, "optimizer:momentum": 0.005})
    table = _effects(runs, factors, contrasts=[("adam", "momentum")])
    row = table[table["null_level"] == "momentum"].iloc[0]

    assert row["effect_pp"] == pytest.approx(1.5, abs=0.1)
    assert (row["verdict"], row["family_size"]) == ("helps", 7)
    assert row["add_one_in_pp"] == pytest.approx(1.5, abs=0.3)
    assert np.isnan(row["shapley_pp"])


def test_the_answer_does_not_depend_on_the_order_of_rows(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.01})

    pd.testing.assert_frame_equal(
        _effects(runs, switches), _effects(runs.sample(frac=1, random_state=3), switches)
    )


def test_no_runs_give_an_empty_table(run_table, switches) -> None:
    assert _effects(run_table(switches).iloc[:0], switches).empty


@pytest.mark.slow
@pytest.mark.parametrize("n", [3, 5, 10])
def test_every_printed_interval_covers_and_no_test_errs_too_often(
    run_table, switches, n: int
) -> None:
    datasets = tuple(f"d{i}" for i in range(150))
    runs = run_table(switches, {"a:on": 0.001}, replicates=n, datasets=datasets, seed=n)
    study = study_of(switches, runs, margins=dict.fromkeys(datasets, 0.3))
    table = component_effects(runs, study, rng=np.random.default_rng(n))
    truth = np.where(table["component"] == "a", 0.1, 0.0)
    null = table[table["component"] != "a"]
    slack = 3 * np.sqrt(0.05 * 0.95 / len(null))

    for name in ("", "leave_one_out_", "add_one_in_", "shapley_"):
        low, high = table[f"{name}ci_low_pp"], table[f"{name}ci_high_pp"]
        assert np.mean((low <= truth) & (truth <= high)) >= 0.93
    assert np.mean((table["time_ratio_low"] <= 1) & (table["time_ratio_high"] >= 1)) >= 0.93
    assert np.mean((null["p_better_low"] <= 0.5) & (null["p_better_high"] >= 0.5)) >= 0.93
    assert np.mean(null["p"] < 0.05) <= 0.05 + slack
    assert np.mean(null["sign_flip_p"] <= 0.05) <= 0.05 + slack
    assert null["verdict"].isin(["helps", "hurts"]).sum() <= 3  # a familywise error of 0.05
