"""Step costs beside components and cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.design.step_arms import CONTROL, TOGETHER
from pipeline.results.tables.costs import (
    step_ratios,
    step_rows,
    summed,
    with_cell_cost,
    with_step_cost,
)
from tests.pipeline.conftest import without


@pytest.fixture
def results(study_of):
    """One dataset, 100 µs per step of the baseline, 400 steps in every run."""
    made = study_of(("digits",), replicates=2)
    return replace(made, step_cost=made.step_cost[made.step_cost["component"] != TOGETHER])


def cells_of(results) -> pd.DataFrame:
    names = [factor.name for factor in results.study.factors]
    runs = results.runs.drop_duplicates(["cell", "arm"])[["dataset", "cell", "arm", *names]]
    return runs.assign(mean_accuracy=0.9, fit_cpu_s=7.0).reset_index(drop=True)


def toggled(*components: str) -> pd.DataFrame:
    rows = {"component": components, "level": "on", "null_level": "off"}
    return pd.DataFrame({"dataset": "digits", **rows})


def test_single_components_are_measured_and_others_add_up(results) -> None:
    table = with_cell_cost(cells_of(results), results).set_index("cell")

    basis = table["step_cost_basis"]
    assert basis[["sgd", "placebo"]].tolist() == ["baseline"] * 2
    assert table["step_cost_ratio"]["sgd"] == 1
    assert table["step_cost_ratio"]["sgd+dropout"] == pytest.approx(1.12, rel=1e-3)
    assert basis["sgd+dropout"] == "measured"
    joint = table["step_cost_ratio"]["adam+l2+dropout+augmentation"]
    assert joint == pytest.approx(1 + 0.14 + 0.01 + 0.12 + 0.35, rel=1e-3)
    assert basis["adam+l2+dropout+augmentation"] == "sum"


def test_a_measured_joint_cell_beats_the_sum(results) -> None:
    row = results.step_cost.iloc[[0]].assign(
        component=TOGETHER, level="adam+l2+dropout+augmentation", ratio=1.5
    )
    costs = pd.concat([results.step_cost, row], ignore_index=True)
    table = with_cell_cost(cells_of(results), replace(results, step_cost=costs)).set_index("cell")

    row = table.loc["adam+l2+dropout+augmentation"]
    assert (row["step_cost_ratio"], row["step_cost_basis"]) == (1.5, "measured")


def test_a_run_costs_its_steps_times_the_cost_of_a_step(results) -> None:
    table = with_cell_cost(cells_of(results), results).set_index("cell")

    assert table.loc["adam+l2", "train_s"] == pytest.approx(400 * 100e-6 * 1.15, rel=1e-3)
    assert (table["cost_s"] == table["train_s"]).all()
    assert set(table["cost_basis"]) == {"steps"}


def test_a_cell_without_a_step_cost_turns_its_dataset_to_run_seconds(results) -> None:
    costs = results.step_cost[results.step_cost["component"] != "l2"]
    table = with_cell_cost(cells_of(results), replace(results, step_cost=costs)).set_index("cell")

    assert np.isnan(table.loc["adam+l2", "step_cost_ratio"])
    assert table.loc["adam+l2", "step_cost_basis"] == ""
    assert set(table["cost_s"]) == {7.0}
    assert set(table["cost_basis"]) == {"run"}


def test_without_any_measurement_nothing_is_made_up(results) -> None:
    bare = without(results, "step_cost")
    table = with_cell_cost(cells_of(results), bare)

    assert table["step_cost_ratio"].isna().all()
    assert set(table["cost_basis"]) == {"run"}
    named = toggled("l2")
    component = with_step_cost(named, bare).iloc[0]
    assert np.isnan(component["step_ratio"])
    assert not component["step_disturbed"]


def test_components_get_ratio_interval_and_disturbance(results) -> None:
    costs = results.step_cost.assign(disturbed=results.step_cost["component"] == "l2")
    table = with_step_cost(toggled("l2", "dropout", "width"), replace(results, step_cost=costs))

    assert table["step_ratio"].tolist()[:2] == pytest.approx([1.01, 1.12], rel=1e-3)
    assert table["step_high"].iloc[0] == pytest.approx(1.01 * 1.02, rel=2e-3)
    assert table["step_disturbed"].tolist() == [True, False, False]


def test_the_sum_of_nothing_is_the_baseline(results) -> None:
    known = step_ratios(results)

    assert summed(known, "digits", []) == 1
    assert np.isnan(summed(known, "digits", [("l2", "on"), ("width", "wide")]))


def test_controls_come_last_and_the_joint_cell_knows_the_sum(study) -> None:
    first = study.step_cost["component"].isin([CONTROL, TOGETHER])
    costs = pd.concat([study.step_cost[first], study.step_cost[~first]], ignore_index=True)
    rows = step_rows(replace(study, step_cost=costs), "mnist")

    assert rows["title"].tolist() == [
        *("momentum vs sgd", "rmsprop vs sgd", "adam vs sgd", "L2", "dropout", "augmentation"),
        *("all components together", "A/A control"),
    ]
    together = rows[rows["kind"] == "together"].iloc[0]
    assert together["sum_ratio"] == pytest.approx(1 + 0.14 + 0.01 + 0.12 + 0.35, rel=1e-3)
    assert rows["sum_ratio"].notna().sum() == 1
    assert not rows["disturbed"].any()


def test_a_dataset_that_was_not_timed_has_no_rows(study) -> None:
    costs = study.step_cost[study.step_cost["dataset"] == "mnist"]

    assert step_rows(replace(study, step_cost=costs), "digits").empty
    assert step_rows(without(study, "step_cost"), "digits").empty
