"""results/<dataset>/looks.json: which looks were made, what they left open, and why they ended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline import atomic
from pipeline.study.project import Project

Ending = Literal["decided", "all looks made", "budget spent", "under way"]


class OpenComparison(BaseModel):
    """A comparison that a look left open, and why."""

    model_config = ConfigDict(frozen=True)

    component: str
    level: str
    null_level: str
    reason: str


class StudyLooks(BaseModel):
    """How far the looks of a dataset are.

    Parameters
    ----------
    counts : tuple of int
        Numbers of blocks of the looks that are planned.
    made : int
        How many of them were made.
    blocks : mapping
        Cell → in how many blocks it was run, or is to be run.
    open : tuple of OpenComparison
        What the last look left open.
    ending : str
        Why no further look follows, or "under way".
    """

    model_config = ConfigDict(frozen=True)

    counts: tuple[Annotated[int, Field(ge=1)], ...]
    made: Annotated[int, Field(ge=0)]
    blocks: Mapping[str, int]
    open: tuple[OpenComparison, ...] = ()
    ending: Ending = "under way"


def _path(project: Project, dataset: str) -> Path:
    return project.results(dataset) / "looks.json"


def read_looks(project: Project, dataset: str) -> StudyLooks | None:
    """Return what is known of a dataset's looks; None without any, or of other looks."""
    try:
        content: Any = json.loads(_path(project, dataset).read_text(encoding="utf-8"))
        looks = StudyLooks.model_validate(content)
    except (OSError, ValueError, ValidationError):
        return None
    return looks if looks.counts == project.study.looks.get(dataset) else None


def write_looks(project: Project, dataset: str, looks: StudyLooks) -> None:
    """Write results/<dataset>/looks.json."""
    atomic.write_text(_path(project, dataset), looks.model_dump_json(indent=1) + "\n")


def open_lines(looks: StudyLooks) -> Sequence[str]:
    """Return one line per comparison that is still open, and why."""
    return [
        f"{item.component} {item.level} vs {item.null_level}: {item.reason}"
        if item.level
        else f"{item.component}: {item.reason}"
        for item in looks.open
    ]
