"""params.yaml as people, editors and malice write it: read, or refused in one line."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from experiments.errors import StudyError
from pipeline.study.project import open_project
from pipeline.study.settings import Settings, TimingProtocol, parse_settings, read_yaml

GOOD = """\
study:
  datasets: [digits]
  question: Wie groß ist der Einfluß?
  factors: {optimizer: [sgd, adam]}
"""
BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("utf-16"),
    ],
    ids=["plain", "Windows line endings", "byte order mark", "UTF-16"],
)
def test_what_editors_make_of_a_file_changes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "params.yaml").write_bytes(content)
    assert open_project(tmp_path).study.question == "Wie groß ist der Einfluß?"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"5", b"study: [", b"study:\0", b"study: {b: *a}",
        b"study: !!python/name:os.system", b"study: !!int x", b"study: !!bool x",
        b"study: 2020-99-99", b"study: {<<: 5}",
        b"? {a: 1}\n: 2", b"study:\n\tname: x", b"a: 1\na: 2", b"a: 1\n---\nb: 2",
        bytes(range(256)),
        "study: ü".encode("latin-1"), b"%YAML 9.9\n---\na: 1", b"study: &a {b: *a}", BOMB.encode(),
        b"study: " + b"{a: " * 1000 + b"1" + b"}" * 1000, b"study: " + b"9" * 10_000,
        b"study: 0x" + b"f" * 5000, b"study: " + b"x" * 2**20,
    ],
)  # fmt: skip
def test_what_is_no_study_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "params.yaml").write_bytes(content)
    started = time.process_time()
    with pytest.raises(StudyError, match=r"params\.yaml") as refused:
        read_yaml(tmp_path / "params.yaml")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) <= 1000
    assert time.process_time() - started < 2


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
