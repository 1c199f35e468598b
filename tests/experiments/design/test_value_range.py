"""Ranges: how a level leaves a strength to the tuning of each block."""

from typing import Any

import pytest

from experiments.design.study import parse_study
from experiments.design.value_range import Range, parse_range
from experiments.errors import StudyError


def refused(params: dict[str, Any], factor: str, levels: Any) -> str:
    params["factors"][factor] = levels
    with pytest.raises(StudyError) as caught:
        parse_study(params)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_range_is_even_over_the_logarithm() -> None:
    found = Range.between(1e-6, 1e-2)
    assert [found.at(share) for share in (0, 0.25, 1)] == pytest.approx([1e-6, 1e-5, 1e-2])
    assert found.usual == found.at(0.5) == pytest.approx(1e-4)
    around = Range.around(0.1, 3)
    assert around.usual == 0.1 == pytest.approx(around.at(0.5))
    assert around.high / around.low == pytest.approx(1000)


def test_a_range_may_lie_above_the_usual_value() -> None:
    found = Range.around(0.001, 3, shift=0.5)
    assert found.usual == 0.001
    assert (found.low, found.high) == pytest.approx((1e-4, 1e-1))


@pytest.mark.parametrize("value", [1, None, "log", [1, 2], {"log": [1, 2], "x": 1}, {"exp": 1}, {}])
def test_other_values_are_no_range(value: Any) -> None:
    assert parse_range(value, "x") is None


@pytest.mark.parametrize(
    "ends",
    [[1e-2, 1e-6], [1, 1], [0, 1], [-1, 1], [1], [1, 2, 3], 5, ["a", "b"], [True, 2],
     [1, float("inf")], [float("nan"), 1], None],
)  # fmt: skip
def test_ends_that_are_none_are_refused_in_one_line(params: dict[str, Any], ends: Any) -> None:
    message = refused(params, "l2", {"off": 0, "on": {"log": ends}})
    assert message.startswith("`study.factors.l2.on.log` must be two finite numbers, 0 < low")
    assert f"got {ends!r}" in message


def test_a_level_keeps_its_range_and_its_recipe_has_the_usual_value(
    params: dict[str, Any],
) -> None:
    params["factors"]["l2"] = [0, {"log": [1e-6, 1e-2]}]
    params["factors"]["both"] = {"off": {}, "on": {"clip_norm": {"log": [1, 100]}, "mixup": 0.2}}
    study = parse_study(params)
    l2, both = study.factors[1].levels[1], study.factors[4].levels[1]
    assert l2.ranges == {"l2": Range.between(1e-6, 1e-2)}
    assert l2.recipe["l2"] == pytest.approx(1e-4)
    assert both.ranges == {"clip_norm": Range.between(1, 100)}
    assert (both.recipe["clip_norm"], both.recipe["mixup"]) == (pytest.approx(10), 0.2)
    assert study.factors[1].has_ranges
    assert not study.factors[2].has_ranges
    assert study.tuned_fields == ("learning_rate", "l2", "clip_norm")


@pytest.mark.parametrize("ends", [[0.1, 1.5], [0.5, 1]])
def test_both_ends_are_tried(params: dict[str, Any], ends: list[float]) -> None:
    """Their usual values, 0.39 and 0.71, would do as a dropout rate."""
    message = refused(params, "dropout", {"off": 0, "on": {"log": ends}})
    assert message.startswith("`study.factors.dropout.on")
    assert f"below 1; got {ends[1]:g}" in message


def test_the_low_end_is_tried_too(params: dict[str, Any]) -> None:
    message = refused(params, "batch_size", {"off": 64, "on": {"log": [0.2, 400]}})
    assert message.startswith("`study.factors.batch_size.on")
    assert "at least 1; got 0" in message


def test_whole_numbers_stay_whole(params: dict[str, Any]) -> None:
    params["factors"]["batch_size"] = {"off": 64, "on": {"log": [10, 333]}}
    assert parse_study(params).factors[4].levels[1].recipe["batch_size"] == 58


def test_the_null_level_is_one_value(params: dict[str, Any]) -> None:
    message = refused(params, "l2", [{"log": [1e-6, 1e-2]}, 0])
    assert message.startswith("`study.factors.l2[0]` must be one value: the null level is")


@pytest.mark.parametrize(("field", "off"), [("activation", "relu"), ("hidden", [16])])
def test_only_a_number_has_a_range(params: dict[str, Any], field: str, off: Any) -> None:
    message = refused(params, field, {"off": off, "on": {"log": [1, 10]}})
    assert f"study.factors.{field}.on" in message
    assert "a field that holds a number to have a range" in message


def test_a_range_of_a_field_that_is_none_names_the_closest(params: dict[str, Any]) -> None:
    message = refused(params, "both", {"off": {}, "on": {"mixupp": {"log": [0.1, 1]}}})
    assert "did you mean mixup?" in message
