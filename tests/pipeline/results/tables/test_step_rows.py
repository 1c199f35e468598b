"""Step costs for figures and sentences."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from experiments.design.step_arms import CONTROL, TOGETHER
from pipeline.results.tables.step_rows import step_rows
from tests.pipeline.conftest import without


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
