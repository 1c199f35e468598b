"""The `time` section of params.yaml."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import StudyError
from pipeline.study.timing_protocol import TimingProtocol, parse_timing


def test_defaults_and_given_values() -> None:
    assert parse_timing({}) == TimingProtocol()
    assert parse_timing({"rounds": 3}) == TimingProtocol(rounds=3)
    assert parse_timing({"processes": 0}).processes == 0


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"process": 5}, "`time.process` is not a known key.*did you mean processes"),
        (
            {"processes": 4},
            "`time.processes` must be a whole number, 5 or more, or 0 to measure nothing; got 4",
        ),
        ({"rounds": True}, "`time.rounds` must be a whole number, 1 or more; got True"),
        ({"rounds": "many"}, "got 'many'"),
    ],
)
def test_a_fault_is_said_in_one_line(section: dict[str, Any], words: str) -> None:
    with pytest.raises(StudyError, match=words):
        parse_timing(section)
