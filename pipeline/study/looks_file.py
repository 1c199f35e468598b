"""results/<dataset>/looks.json: which looks were made, what they left open, and why they ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from pipeline import atomic
from pipeline.study.project import Project

Ending = Literal["decided", "all looks made", "budget spent", "under way"]


class OpenComparison(BaseModel, frozen=True):
    """A comparison that a look left open, and why; that of the placebo arm has no level."""

    component: str
    level: str
    null_level: str
    reason: str

    def __str__(self) -> str:
        compared = f" {self.level} vs {self.null_level}" if self.level else ""
        return f"{self.component}{compared}: {self.reason}"


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
