"""The command line: `knockout plan | run | status | report | sync | doctor | check | ui`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from data_loaders.errors import DataError
from experiments.errors import StudyError
from pipeline.project import Project, open_project

app = typer.Typer(
    help="Ablation studies that hold up: what does each component do, and how sure are we?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
stage_app = typer.Typer(help="One stage of dvc.yaml.", no_args_is_help=True)
app.add_typer(stage_app, name="stage")

Dataset = Annotated[str, typer.Argument(help="A dataset of the study.")]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first failed run.")]


def _project() -> Project:
    return open_project()


@stage_app.command()
def data(dataset: Dataset) -> None:
    """Fetch and verify a dataset."""
    from pipeline.stages import data as stage

    stage.run(_project(), dataset)


@stage_app.command()
def tune(dataset: Dataset, fail_fast: FailFast = False) -> None:
    """Tune the learning rate of each arm."""
    from pipeline.stages import tune as stage

    stage.run(_project(), dataset, fail_fast=fail_fast)


@stage_app.command()
def train(dataset: Dataset, fail_fast: FailFast = False) -> None:
    """Train every run that is not stored."""
    from pipeline.stages import train as stage

    stage.run(_project(), dataset, fail_fast=fail_fast)


def main() -> None:
    """Run the command line: one line and exit code 2 for bad input, unless --debug."""
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    try:
        app([a for a in arguments if a != "--debug"], prog_name="knockout", standalone_mode=True)
    except (StudyError, DataError) as error:
        if debug:
            raise
        print(f"knockout: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("knockout: stopped; what has finished is stored", file=sys.stderr)
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
