"""What a recipe says of its fields, beside their type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Off:
    """The value at which a field does nothing: the field is left out of a run's identity then.

    Only what is proved may be declared: at this value a run is bit by bit what it would be if
    the field did not exist. `tests/experiments/network/test_off.py` holds every declaration to
    it.
    """

    value: Any


@dataclass(frozen=True)
class Kind:
    """The field holds a component of one of these kinds, or a list of such."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)
