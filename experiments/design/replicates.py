"""How often a study repeats itself: a plain number of blocks, or looks from one to another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.errors import StudyError, closest

_MOST = 10_000
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_HOW = "Write a whole number, or {from: 5, to: 40}."


def look_counts(start: int, to: int) -> tuple[int, ...]:
    """Return the numbers of blocks at which a study looks: doubled from `start` up to `to`.

    Examples
    --------
    >>> look_counts(5, 40), look_counts(5, 30), look_counts(5, 5)
    ((5, 10, 20, 40), (5, 10, 20, 30), (5,))

    Raises
    ------
    ValueError
        If not 2 ≤ start ≤ to.
    """
    if not 2 <= start <= to:
        raise ValueError(
            f"replicates must go from at least 2 to no less than that; got from {start} to {to}."
        )
    counts = [start]
    while counts[-1] < to:
        counts.append(min(2 * counts[-1], to))
    return tuple(counts)


def parse_looks(value: Any, datasets: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return the numbers of blocks at which each dataset's comparisons are judged.

    Parameters
    ----------
    value : int or mapping
        A number for one look, `{from: 5, to: 40}` for looks that double, or one of both for each
        dataset.
    datasets : sequence of str
        The study's.

    Raises
    ------
    StudyError
        If it is none of these.
    """
    where = "study.replicates"
    if not isinstance(value, Mapping) or {"from", "to"} & set(value) - set(datasets):
        return dict.fromkeys(datasets, _counts(value, where))
    for name in value:
        if name not in datasets:
            raise StudyError(
                f"`{where}.{name}` must name a dataset of the study. {closest(str(name), datasets)}"
            )
    for name in datasets:
        if name not in value:
            raise StudyError(f"`{where}.{name}` is missing: every dataset needs its own. {_HOW}")
    return {name: _counts(value[name], f"{where}.{name}") for name in datasets}


def _counts(value: Any, where: str) -> tuple[int, ...]:
    if isinstance(value, Mapping):
        if set(value) != {"from", "to"}:
            raise StudyError(f"`{where}` must have the keys from and to; got {dict(value)}. {_HOW}")
        start, to = (_count(value[name], f"{where}.{name}", 2) for name in ("from", "to"))
        if to < start:
            raise StudyError(f"`{where}.to` must be at least {start}, its `from`; got {to}.")
        return look_counts(start, to)
    return (_count(value, where, 1),)


def _count(value: Any, where: str, least: int) -> int:
    if type(value) is not int or not least <= value <= _MOST:
        raise StudyError(
            f"`{where}` must be a whole number from {least} to {_MOST}; got {value!r}. {_HOW}"
        )
    return value


def described(looks: Mapping[str, Sequence[int]]) -> str:
    """Return how often each dataset is repeated, in words.

    Examples
    --------
    >>> described({"digits": (5, 10, 20), "mnist": (5, 10, 20)})
    'looks at 5, 10 and 20 blocks'
    >>> described({"digits": (5, 10), "mnist": (5,)})
    'digits: looks at 5 and 10 blocks; mnist: 5 blocks'
    """
    said = {name: _said(counts) for name, counts in looks.items()}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{name}: {words}" for name, words in said.items())


def _said(counts: Sequence[int]) -> str:
    if len(counts) == 1:
        return f"{counts[0]} block" + "s" * (counts[0] > 1)
    return "looks at " + ", ".join(map(str, counts[:-1])) + f" and {counts[-1]} blocks"


def parse_duration(value: Any, where: str) -> float:
    """Return the seconds of a duration.

    Examples
    --------
    >>> parse_duration("20m", "study.budget"), parse_duration("1.5h", "study.budget")
    (1200.0, 5400.0)

    Raises
    ------
    StudyError
        If it is not a positive number of seconds, minutes or hours.
    """
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)\s*([smh])", str(value).strip())
    if not found or not float(found[1]):
        raise StudyError(
            f"`{where}` must be a time with its unit; got {value!r}. Write 90s, 20m or 1.5h."
        )
    return float(found[1]) * _UNITS[found[2]]
