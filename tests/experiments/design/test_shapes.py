"""A recipe that augments meets a table: refused by name, in one line."""

from typing import Any

import pytest

from experiments.design.shapes import check_shape
from experiments.design.study import parse_study
from experiments.errors import StudyError


def test_augmentation_of_a_table_is_refused_by_name(params: dict[str, Any]) -> None:
    with pytest.raises(StudyError) as refused:
        check_shape(parse_study(params), "digits", (13,))
    said = str(refused.value)
    assert "\n" not in said
    assert all(part in said for part in ("`augmentation`", "digits", "13 columns", "got shift"))


def test_images_may_be_augmented_and_tables_left_as_they_are(params: dict[str, Any]) -> None:
    for shape in ((8, 8), (8, 8, 3)):
        check_shape(parse_study(params), "digits", shape)
    del params["factors"]["augmentation"]
    params["recipe"]["mixup"] = 0.2
    check_shape(parse_study(params), "digits", (13,))


def test_a_table_is_not_divided_by_255(params: dict[str, Any]) -> None:
    del params["factors"]["augmentation"]
    params["recipe"]["scaling"] = "unit"
    with pytest.raises(StudyError, match=r"^`scaling` must be .* on digits, a table .*; got unit"):
        check_shape(parse_study(params), "digits", (13,))


@pytest.mark.parametrize("shape", [(8, 8), (28, 8), (8, 28, 3)])
def test_images_are_not_shifted_out_of_sight(
    params: dict[str, Any], shape: tuple[int, ...]
) -> None:
    params["factors"]["augmentation"]["on"] = {"shift": {"max_shift": 7}}
    check_shape(parse_study(params), "digits", shape)
    params["factors"]["augmentation"]["on"] = {"shift": {"max_shift": 8}}
    with pytest.raises(StudyError, match=r"max_shift` must be below 8 on digits, .*; got 8\."):
        check_shape(parse_study(params), "digits", shape)
