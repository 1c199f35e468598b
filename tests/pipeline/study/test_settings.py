"""The sections of params.yaml beside the study: defaults, given values, faults in one line."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.errors import StudyError
from pipeline.study.settings import Settings, TimingProtocol, parse_settings


def test_defaults_and_given_values() -> None:
    assert parse_settings({}) == Settings()
    given = parse_settings({"time": {"processes": 0}, "run": {"executor": "dask"}})
    assert given.time == TimingProtocol(processes=0)
    assert given.run.executor == "dask"
    assert given.data.on_missing == "skip"


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"tme": {}}, "`tme` is not a known section.*did you mean time"),
        ({"sudy": {}}, "`sudy` is not a known section.*did you mean study"),
        ({"time": 5}, "`time` must be a mapping; got 5"),
        ({"time": {"process": 5}}, "`time.process` is not a known key.*did you mean processes"),
        (
            {"time": {"processes": 4}},
            "`time.processes` must be 5 or more, or 0 to measure nothing; got 4",
        ),
        ({"time": {"processes": -1}}, "`time.processes` must be at least 0; got -1"),
        ({"time": {"rounds": 0}}, "`time.rounds` must be at least 1; got 0"),
        ({"time": {"rounds": True}}, "`time.rounds` must be a whole number; got True"),
        ({"time": {"rounds": "many"}}, "must be a whole number; got 'many'"),
        ({"data": {"on_missing": "ask"}}, "`data.on_missing` must be one of 'skip', 'fail'; got"),
        ({"run": {"executor": "cloud"}}, "`run.executor` must be one of"),
        ({"run": {"address": "10.0.0.5:8786"}}, "Write it like tcp://10.0.0.5:8786"),
        ({"run": {"address": 5}}, "`run.address` must be text; got 5"),
    ],
)
def test_a_fault_is_said_in_one_line(section: dict[str, Any], words: str) -> None:
    with pytest.raises(StudyError, match=words) as fault:
        parse_settings(section)
    assert "\n" not in str(fault.value)
