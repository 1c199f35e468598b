"""Which recipes are timed."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.design.step_arms import CONTROL, TOGETHER, step_arms
from experiments.design.study import Study, parse_study


def test_every_level_alone_then_the_controls(study: Study) -> None:
    baseline, arms = step_arms(study, "digits")

    assert [(arm.component, arm.level) for arm in arms] == [
        ("optimizer", "adam"),
        ("l2", "on"),
        ("dropout", "on"),
        ("augmentation", "on"),
        (CONTROL, "baseline"),
        (TOGETHER, "adam+l2+dropout+augmentation"),
    ]
    by_name = {arm.component: arm.recipe for arm in arms}
    assert by_name[CONTROL] == baseline
    assert by_name["dropout"] == baseline.with_fields({"dropout": 0.2})
    assert (by_name[TOGETHER].dropout, by_name[TOGETHER].l2) == (0.2, 1e-3)


def test_rates_are_the_optimizers_own_and_strengths_stand_in_the_middle_of_their_range(
    params: dict[str, Any],
) -> None:
    params["factors"]["l2"]["on"] = {"log": [1e-6, 1e-2]}
    baseline, arms = step_arms(parse_study(params), "digits")

    for recipe in (baseline, arms[0].recipe):
        assert recipe.learning_rate == recipe.optimizer.target.default_learning_rate
    assert arms[0].recipe.learning_rate != baseline.learning_rate
    assert (arms[1].level, arms[1].recipe.l2) == ("on", pytest.approx(1e-4))


def test_a_rate_that_the_study_sets_is_kept(params: dict[str, Any]) -> None:
    params["recipe"]["learning_rate"] = 0.7
    baseline, arms = step_arms(parse_study(params), "digits")
    assert baseline.learning_rate == arms[0].recipe.learning_rate == 0.7


def test_the_joint_cell_is_timed_only_if_the_study_has_it(params: dict[str, Any]) -> None:
    only_one = parse_study({**params, "factors": {"l2": [0, 1e-3]}, "tune": {"per": []}})
    alone = parse_study({**params, "design": "one_factor"})

    for study in (only_one, alone):
        names = [arm.component for arm in step_arms(study, "digits")[1]]
        assert CONTROL in names
        assert TOGETHER not in names
