"""Factors that would get in each other's way are refused before anything runs."""

from typing import Any

import pytest

from experiments.design.study import parse_study
from experiments.errors import StudyError

SIZE = {"small": {"hidden": [8]}, "big": {"hidden": [32], "batch_size": 16}}


def refused(params: dict[str, Any], factors: dict[str, Any]) -> str:
    with pytest.raises(StudyError) as caught:
        parse_study({**params, "factors": factors, "tune": {"per": []}})
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["learning_rate", "epochs", "dataset", "replicate", "verdict"])
def test_a_factor_cannot_bear_the_name_of_a_column(params: dict[str, Any], name: str) -> None:
    levels = [1, 2] if name in ("learning_rate", "epochs") else SIZE
    message = refused(params, {name: levels})
    assert f"`study.factors.{name}` is a reserved name, that of a column" in message


@pytest.mark.parametrize("name", ["a/b", "my factor", "_hidden", "a,b", ""])
def test_a_factor_s_name_is_a_word(params: dict[str, Any], name: str) -> None:
    assert "letters, digits, _ and -" in refused(params, {name: SIZE})


def test_another_name_makes_a_factor_of_a_field_that_is_a_column(params: dict[str, Any]) -> None:
    length = {"short": {"epochs": 1}, "long": {"epochs": 3}}
    study = parse_study({**params, "factors": {"length": length}, "tune": {"per": []}})
    assert study.recipe("digits", {"length": "long"}).epochs == 3


@pytest.mark.parametrize(
    "factors",
    [
        {"a": SIZE, "b": {"off": {}, "a": {"epochs": 9}}},
        {"placebo": {"off": {}, "on": {"epochs": 9}}},
        {"a": {"off": {}, "baseline": {"epochs": 9}}},
    ],
)
def test_two_cells_of_one_name_are_refused(params: dict[str, Any], factors: Any) -> None:
    if "b" in factors:
        factors["a"] = {"off": {}, "on": {"hidden": [9]}}
    assert "must give cells different names" in refused(params, factors)


def test_numbers_and_yes_give_names_of_their_own(params: dict[str, Any]) -> None:
    factors = {"l1": [0, 0.1], "l2": [0, 0.1], "dropout": {"no": 0, "yes": 0.1}}
    parse_study({**params, "factors": factors, "tune": {"per": []}})


def test_two_factors_that_set_one_field_are_refused(params: dict[str, Any]) -> None:
    """The later one would win without a word, and the earlier one's effect would be nothing."""
    message = refused(params, {"size": SIZE, "batch_size": [32, 64]})
    assert "`study.factors.size` and `study.factors.batch_size` both set batch_size" in message


@pytest.mark.parametrize(
    "factors",
    [
        {"dropout": {"off": 0, "on": 0.0}},
        {"dropout": [0, 0.0, 0.5]},
        {"size": {"plain": {}, "same": {"hidden": [16]}}},
    ],
)
def test_levels_that_are_the_same_recipe_are_refused(params: dict[str, Any], factors: Any) -> None:
    assert "are the same recipe on digits" in refused(params, factors)


def test_levels_are_compared_on_every_dataset(params: dict[str, Any]) -> None:
    params |= {"datasets": ["digits", "mnist"], "overrides": {"mnist": {"hidden": [64]}}}
    message = refused(params, {"size": {"plain": {}, "wide": {"hidden": [64]}}})
    assert "plain and wide are the same recipe on mnist" in message
