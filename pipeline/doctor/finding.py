"""What a check of the project found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that a check found, in one line, and the command that fixes it, if any does.

    A fault makes results wrong or missing until it is fixed; a note is worth knowing.
    """

    level: Literal["good", "note", "fault"]
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        text = f"{self.level:5}  {self.what}"
        return f"{text}\n       → {self.remedy}" if self.remedy else text


def first_of(names: Sequence[str]) -> str:
    """Return the first names of a list, and whether there are more."""
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
