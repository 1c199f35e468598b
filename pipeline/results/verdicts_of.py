"""The verdicts of a finished study, read back from `verdicts.json`, wherever that lies."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.errors import StudyError
from pipeline.results.text.estimates import EFFECT, RUN_COST, STEP_COST, Row, numbers_of
from pipeline.results.text.rounding import difference, ratio
from pipeline.study.project import Project, declared_studies, open_project

FILE = "verdicts.json"
_COSTS = {"cost per step": STEP_COST, "CPU time per run": RUN_COST}


@dataclass(frozen=True)
class Verdicts:
    """The content of one `verdicts.json`, and the place where it was read, as one names it.

    It is as `tables.verdict_file` wrote it; a file of an earlier version may lack a field.
    """

    place: str
    content: Mapping[str, Any]

    @property
    def response(self) -> str:
        """The primary response in words."""
        return str(self.content["response"]).replace("_", " ")

    @property
    def rows(self) -> dict[tuple[str, str, str], Row]:
        """What was found, by dataset, component and level."""
        return {
            (row["dataset"], row["component"], str(row["level"])): row
            for row in self.content["components"]
        }


def verdicts_here(project: Project) -> Verdicts:
    """Return the verdicts of the project's study as they lie in its results folder.

    Raises
    ------
    StudyError
        If no report was drawn yet.
    """
    path = project.results() / FILE
    if not path.exists():
        raise StudyError(
            f"{path.relative_to(project.root)} must hold the study's verdicts; it does not exist. "
            f"`{project.command('run')}` trains the study, `{project.command('report')}` draws "
            "them from stored runs."
        )
    return _parsed(str(path.parent.relative_to(project.root)), path.read_bytes(), path)


def verdicts_at(project: Project, name: str) -> Verdicts:
    """Return the verdicts that a name stands for in a project.

    It names a folder with `verdicts.json` in it or in its `results/`, a declared study, or a Git
    revision, of which the project's study is read. In this order.

    Raises
    ------
    StudyError
        If it is none of them.
    """
    folder = project.root / name
    for path in (folder / FILE, folder / "results" / FILE):
        if path.exists():
            return _parsed(name, path.read_bytes(), path)
    if name in declared_studies(project.root):
        return replace(verdicts_here(open_project(project.root, study=name)), place=name)
    path = project.results().relative_to(project.root) / FILE
    # The dot: the path is the project's, which may lie inside a larger repository.
    done = subprocess.run(
        ["git", "show", "--end-of-options", f"{name}:./{path.as_posix()}"],
        cwd=project.root,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise StudyError(
            f"`{name}` must be a folder with {FILE}, a declared study, or a Git revision that "
            f"holds {path.as_posix()}; it is none of these ({said[0] if said else 'no Git'}). "
            f"`git log -- {path.as_posix()}` lists the revisions."
        )
    return _parsed(f"{name}:{path.parent.as_posix()}", done.stdout, path)


def _parsed(place: str, content: bytes, path: Path) -> Verdicts:
    try:
        parsed = json.loads(content)
        if {"study", "response", "components"} <= parsed.keys():
            return Verdicts(place, parsed)
    except (ValueError, AttributeError):
        pass
    raise StudyError(
        f"{path} must hold verdicts as `knockout report` writes them; it does not. "
        "`knockout report` writes it anew."
    )


def effect(row: Row, *, unit: bool = True) -> str:
    """Return an effect with its interval."""
    step = f" {row.get('unit', 'pp')}".rstrip() if unit else ""
    return f"{difference(*numbers_of(row, EFFECT))}{step}"


def cost(row: Row) -> tuple[str, str]:
    """Return which cost of a component is known, and the cost with its interval."""
    for name, fields in _COSTS.items():
        if row.get(fields[0]) is not None:
            return name, ratio(*numbers_of(row, fields))
    return "cost", "–"
