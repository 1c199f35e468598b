"""How often a study repeats itself, and how long it may train."""

from itertools import pairwise
from typing import Any

import pytest

from experiments.design.replicates import described, look_counts, parse_duration, parse_looks
from experiments.design.study import parse_study
from experiments.errors import StudyError

BOTH = ["digits", "mnist"]


@pytest.mark.parametrize(
    ("value", "looks"),
    [
        (5, {"digits": (5,), "mnist": (5,)}),
        (1, {"digits": (1,), "mnist": (1,)}),
        ({"from": 5, "to": 40}, dict.fromkeys(BOTH, (5, 10, 20, 40))),
        ({"from": 2, "to": 5}, dict.fromkeys(BOTH, (2, 4, 5))),
        ({"digits": {"from": 3, "to": 6}, "mnist": 4}, {"digits": (3, 6), "mnist": (4,)}),
    ],
)
def test_a_number_is_one_look_and_a_span_looks_that_double(
    value: Any, looks: dict[str, tuple[int, ...]]
) -> None:
    assert parse_looks(value, BOTH) == looks


@pytest.mark.parametrize(("start", "to"), [(2, 2), (2, 3), (3, 100), (7, 10_000)])
def test_looks_rise_from_the_first_to_the_last_and_at_most_double(start: int, to: int) -> None:
    counts = look_counts(start, to)
    assert (counts[0], counts[-1]) == (start, to)
    assert all(a < b <= 2 * a for a, b in pairwise(counts))


def test_a_first_look_of_one_block_has_no_spread_to_judge_by() -> None:
    with pytest.raises(ValueError, match="from 1 to 4"):
        look_counts(1, 4)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "`study.replicates` must be a whole number from 1 to 10000; got 0"),
        (True, "`study.replicates` must be a whole number from 1 to 10000; got True"),
        (2.5, "must be a whole number from 1 to 10000; got 2.5"),
        (20_000, "got 20000"),
        ("5", "got '5'"),
        ([5, 10], "got [5, 10]"),
        ({"from": 1, "to": 4}, "`study.replicates.from` must be a whole number from 2"),
        ({"from": 5, "to": 4}, "`study.replicates.to` must be at least 5, its `from`; got 4"),
        ({"from": 5, "to": "x"}, "`study.replicates.to` must be a whole number"),
        ({"from": 5}, "`study.replicates` must have the keys from and to; got {'from': 5}"),
        (
            {"digit": 5},
            "`study.replicates.digit` must name a dataset of the study. Known: ",
        ),
        ({"digits": 5}, "`study.replicates.mnist` is missing: every dataset needs its own"),
        ({"digits": {"from": 5}, "mnist": 4}, "`study.replicates.digits` must have the keys from"),
        ({"digits": 0, "mnist": 4}, "`study.replicates.digits` must be a whole number"),
    ],
)
def test_anything_else_is_refused_in_one_line(value: Any, words: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse_looks(value, BOTH)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_study_tells_its_looks_and_the_most_it_may_train(params: dict[str, Any]) -> None:
    params |= {"datasets": BOTH, "replicates": {"digits": {"from": 5, "to": 20}, "mnist": 3}}
    study = parse_study(params)
    assert study.looks == {"digits": (5, 10, 20), "mnist": (3,)}
    assert [study.looks[name][-1] for name in BOTH] == [20, 3]
    del params["replicates"]
    assert parse_study(params).looks == dict.fromkeys(BOTH, (5,))


@pytest.mark.parametrize(
    ("looks", "words"),
    [
        ({"digits": (1,)}, "1 block"),
        ({"digits": (3,), "mnist": (3,)}, "3 blocks"),
        ({"digits": (2, 4)}, "looks at 2 and 4 blocks"),
        ({"digits": (2, 4), "mnist": (3,)}, "digits: looks at 2 and 4 blocks; mnist: 3 blocks"),
    ],
)
def test_looks_in_words(looks: dict[str, tuple[int, ...]], words: str) -> None:
    assert described(looks) == words


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("20m", 1200), ("1.5h", 5400), (" 2 m ", 120)]
)
def test_a_budget_is_a_time_with_its_unit(
    params: dict[str, Any], written: str, seconds: float
) -> None:
    assert parse_duration(written, "x") == seconds
    assert parse_study({**params, "budget": written}).budget == seconds


@pytest.mark.parametrize("written", ["20", 20, "0m", "-5m", "20 minutes", "1e3s", "", None, "m"])
def test_another_budget_is_refused(params: dict[str, Any], written: Any) -> None:
    with pytest.raises(
        StudyError, match=r"^`study.budget` must be a time with its unit; got .*\.$"
    ):
        parse_study({**params, "budget": written})


def test_a_study_has_no_budget_unless_it_says_so(params: dict[str, Any]) -> None:
    assert parse_study(params).budget is None
