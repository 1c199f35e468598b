"""The option `--study NAME`, which every command takes before or after its own name."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from pipeline.study.project import Project

_OPTION = "--study"
_study: ContextVar[str | None] = ContextVar("study", default=None)


class StudyFirst(TyperGroup):
    """Commands that take `--study NAME` before or after their own name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Move the option to the front, where the one callback that knows it reads it."""
        at = [i for i, word in enumerate(args) if word.split("=")[0] == _OPTION]
        taken = {j for i in at for j in ((i,) if "=" in args[i] else (i, i + 1))}
        numbered = sorted(enumerate(args), key=lambda item: item[0] not in taken)
        return super().parse_args(ctx, [word for _, word in numbered])


def choose(
    study: Annotated[
        str | None,
        typer.Option(
            _OPTION,
            metavar="NAME",
            help="A study declared in experiments/studies/NAME.yaml instead of params.yaml; "
            "works with every command, before or after its name.",
        ),
    ] = None,
) -> None:
    """Run ablation studies that hold up: what each component does, and how sure that is."""
    _study.set(study)


def chosen_project() -> Project:
    """Return the project with the study that was chosen."""
    from pipeline.study.project import open_project

    return open_project(study=_study.get())
