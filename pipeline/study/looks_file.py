"""results/<dataset>/looks.json: which looks were made, what they left open, and why they ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from pipeline import atomic
from pipeline.study.project import Project

Ending = Literal["decided", "all looks made", "budget spent", "under way"]


class OpenComparison(BaseModel, frozen=True):
    """A comparison that a look left open, and why."""

    component: str
    level: str
    null_level: str
    reason: str


class StudyLooks(BaseModel, frozen=True):
    """How far the looks of a dataset are.

    `counts` are the numbers of blocks of the planned looks, of which so many were `made`; `blocks`
    says in how many each cell was run, or is to be run, `open` what the last look left open, and
    `ending` why no further look follows.
    """

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
        looks = StudyLooks.model_validate_json(_path(project, dataset).read_bytes())
    except (OSError, ValueError):
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
