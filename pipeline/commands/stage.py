"""`knockout stage NAME DATASET`: the stages of dvc.yaml, one command each."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.errors import StudyError, closest
from pipeline.commands.study_option import chosen_project

if TYPE_CHECKING:
    from pipeline.study.project import Project

stage_app = typer.Typer(help="One stage of dvc.yaml.", no_args_is_help=True, rich_markup_mode=None)

Dataset = Annotated[str, typer.Argument(help="A dataset of the study.")]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first failed run.")]
Budget = Annotated[
    str | None, typer.Option(help="Make the looks that fit into this much training time, like 20m.")
]
_MADE_BY = {"dataset.json": "data", "runs.parquet": "train"}


def _ready(stage: str, dataset: str, needed: int) -> Project:
    """Refuse an unknown dataset, and a stage of whose first so many inputs one is missing."""
    project = chosen_project()
    folder, known = project.results(dataset), project.study.datasets
    # A dataset that left the study still has its card.
    if dataset not in known and not (folder / "dataset.json").exists():
        raise StudyError(
            f"{dataset!r} is an unknown dataset; the study has others. {closest(dataset, known)}"
        )
    for name in list(_MADE_BY)[:needed]:
        if not (folder / name).exists():
            raise StudyError(
                f"`knockout stage {stage} {dataset}` needs {folder.name}/{name}, which does not "
                f"exist. Run `knockout stage {_MADE_BY[name]} {dataset}` first."
            )
    return project


@stage_app.command()
def data(dataset: Dataset) -> None:
    """Fetch and verify a dataset."""
    from pipeline.stages import data_stage as stage

    project = _ready("data", dataset, 0)
    # How long a server takes is unknown, and without the data nothing else is known either.
    print(f"data {dataset}: fetched and verified, unless it is in the cache", file=sys.stderr)
    stage.run(project, dataset)


@stage_app.command()
def train(dataset: Dataset, fail_fast: FailFast = False, budget: Budget = None) -> None:
    """Tune and train, look by look, what is not stored."""
    from dataclasses import replace

    from experiments.design.replicates import parse_duration
    from pipeline.results.scored_runs import with_responses
    from pipeline.results.text.measure import Measure
    from pipeline.stages import train_stage as stage
    from pipeline.tracking.live import LiveTracking

    project = _ready("train", dataset, 1)
    if budget is not None:
        known = project.study.model_copy(update={"budget": parse_duration(budget, "--budget")})
        project = replace(project, study=known)
    study = project.study
    measure, sync = Measure(study.response, study.measure), project.command("sync")
    with LiveTracking(study.name, project.root, measure=measure, sync=sync) as live:
        stage.run(
            project,
            dataset,
            observe=lambda spec, run: live.log_run(spec, with_responses(run, study.responses)),
            fail_fast=fail_fast,
        )


@stage_app.command()
def time(dataset: Dataset) -> None:
    """Measure what each component costs per training step."""
    from pipeline.stages import time_stage as stage
    from pipeline.study.running.progress import with_steps

    project = _ready("time", dataset, 1)
    stage.run(project, dataset, shown=partial(with_steps, project, f"time {dataset}"))


@stage_app.command()
def champion(dataset: Dataset) -> None:
    """Train the best run again and keep its network."""
    from pipeline.stages import champion_stage as stage
    from pipeline.study.running.progress import stage_bar

    project = _ready("champion", dataset, 2)
    with stage_bar(project, f"champion {dataset}"):
        stage.run(project, dataset)


@stage_app.command()
def code() -> None:
    """Say what source each stage rests on."""
    from pipeline.stages import code_stage as stage

    stage.run(chosen_project())


@stage_app.command()
def stored() -> None:
    """Say what the report can be drawn from."""
    from pipeline.stages import stored_stage as stage

    stage.run(chosen_project())


@stage_app.command()
def sync(dataset: Dataset) -> None:
    """Sync the stored runs with MLflow; a server that is down does not end the study."""
    from pipeline.stages import sync_stage as stage

    stage.run(_ready("sync", dataset, 2), [dataset])
