"""How step costs are measured: the `time` section of params.yaml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from experiments.errors import StudyError, closest

# Fewer than five processes make an interval too wide to be of use.
_RULES: dict[str, tuple[str, Callable[[int], bool]]] = {
    "processes": ("5 or more, or 0 to measure nothing", lambda n: n == 0 or n >= 5),
    "rounds": ("1 or more", lambda n: n >= 1),
}


@dataclass(frozen=True)
class TimingProtocol:
    """How much is measured.

    Parameters
    ----------
    processes : int
        Fresh processes, one after the other; the interval's n. 0 measures nothing.
    rounds : int
        Rounds per process in which every component is timed against the baseline.
    """

    processes: int = 8
    rounds: int = 16


def parse_timing(section: Mapping[str, Any]) -> TimingProtocol:
    """Read the `time` section.

    Raises
    ------
    StudyError
        At the first unknown key or value out of range, in one line.
    """
    known = [field.name for field in fields(TimingProtocol)]
    for key, value in section.items():
        if key not in known:
            raise StudyError(f"`time.{key}` is not a known key. {closest(str(key), known)}")
        rule, holds = _RULES[key]
        if not isinstance(value, int) or isinstance(value, bool) or not holds(value):
            raise StudyError(f"`time.{key}` must be a whole number, {rule}; got {value!r}.")
    return TimingProtocol(**section)
