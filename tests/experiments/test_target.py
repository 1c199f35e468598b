"""The target of time to target, as the study names it."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import StudyError
from experiments.study import parse_study


def test_one_number_stands_for_every_dataset(params: dict[str, Any]) -> None:
    assert parse_study(params).target == {}
    params["datasets"] = ["digits", "mnist"]
    assert parse_study({**params, "target": 0.97}).target == {"digits": 0.97, "mnist": 0.97}
    assert parse_study({**params, "target": {"mnist": 0.9}}).target == {"mnist": 0.9}


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({"digit": 0.9}, "`study.target.digit` must name a dataset.*did you mean digits"),
        (97, "`study.target.digits` must be at most 1; got 97"),
        ({"digits": 0}, "`study.target.digits` must be above 0; got 0"),
        ("high", "`study.target.digits`.*got 'high'"),
    ],
)
def test_a_fault_is_said_in_one_line(params: dict[str, Any], target: Any, words: str) -> None:
    with pytest.raises(StudyError, match=words) as raised:
        parse_study({**params, "target": target})
    assert "\n" not in str(raised.value)
