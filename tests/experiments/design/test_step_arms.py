"""Which recipes are timed."""

from __future__ import annotations

from typing import Any

from experiments.design.step_arms import CONTROL, TOGETHER, step_arms
from experiments.design.study import Study, parse_study

RATES = {"sgd": 0.1, "adam": 0.003}


def test_every_level_alone_then_the_controls(study: Study) -> None:
    baseline, arms = step_arms(study, "digits", RATES)

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


def test_tuned_rates_are_used_and_an_untuned_arm_takes_the_default(study: Study) -> None:
    baseline, arms = step_arms(study, "digits", {"sgd": 0.7})

    assert baseline.learning_rate == 0.7
    adam = arms[0].recipe
    assert adam.learning_rate == adam.optimizer.target.default_learning_rate


def test_the_joint_cell_is_timed_only_if_the_study_has_it(params: dict[str, Any]) -> None:
    only_one = parse_study({**params, "factors": {"l2": [0, 1e-3]}, "tune": {"per": []}})
    alone = parse_study({**params, "design": "one_factor"})

    for study in (only_one, alone):
        names = [arm.component for arm in step_arms(study, "digits", RATES)[1]]
        assert CONTROL in names
        assert TOGETHER not in names
