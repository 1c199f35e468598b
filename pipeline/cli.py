"""The command line: `knockout plan | run | status | report | predict | sync | ui` and more."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from data_loaders.errors import DataError
from experiments.errors import StudyError
from pipeline.project import Project, open_project
from pipeline.running.first_failure import FirstFailureError
from pipeline.stage_inputs import check_inputs

_OPTION = "--study"
_study: ContextVar[str | None] = ContextVar("study", default=None)


class StudyFirst(TyperGroup):
    """Commands that take `--study NAME` before or after their own name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Move the option to the front, where the one callback that knows it reads it."""
        at = [i for i, word in enumerate(args) if word.split("=")[0] == _OPTION]
        taken = [j for i in at for j in ((i,) if "=" in args[i] else (i, i + 1)) if j < len(args)]
        first = [args[j] for j in taken]
        return super().parse_args(ctx, first + [w for j, w in enumerate(args) if j not in taken])


app = typer.Typer(
    cls=StudyFirst,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
stage_app = typer.Typer(help="One stage of dvc.yaml.", no_args_is_help=True)
app.add_typer(stage_app, name="stage")

Dataset = Annotated[str, typer.Argument(help="A dataset of the study.")]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first failed run.")]


@app.callback()
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


def _project() -> Project:
    return open_project(study=_study.get())


def _ready(stage: str, dataset: str) -> Project:
    project = _project()
    check_inputs(project, stage, dataset)
    return project


@stage_app.command()
def data(dataset: Dataset) -> None:
    """Fetch and verify a dataset."""
    from pipeline.stages import data as stage

    stage.run(_ready("data", dataset), dataset)


@stage_app.command()
def tune(dataset: Dataset, fail_fast: FailFast = False) -> None:
    """Tune the learning rate of each arm."""
    from pipeline.stages import tune as stage

    stage.run(_ready("tune", dataset), dataset, fail_fast=fail_fast)


@stage_app.command()
def train(dataset: Dataset, fail_fast: FailFast = False) -> None:
    """Train every run that is not stored."""
    from pipeline.stages import train as stage
    from pipeline.tracking import LiveTracking

    project = _ready("train", dataset)
    with LiveTracking(project.study.name, project.root, sync=project.command("sync")) as live:
        stage.run(project, dataset, observe=live.log_run, fail_fast=fail_fast)


@stage_app.command()
def time(dataset: Dataset) -> None:
    """Measure what each component costs per training step."""
    from pipeline.stages import time as stage

    stage.run(_ready("time", dataset), dataset)


@stage_app.command()
def champion(dataset: Dataset) -> None:
    """Train the best run again and keep its network."""
    from pipeline.stages import champion as stage

    stage.run(_ready("champion", dataset), dataset)


@stage_app.command()
def digest(dataset: Dataset) -> None:
    """Say what a dataset's results are, so that the report follows them."""
    from pipeline.stages import digest as stage

    stage.run(_ready("digest", dataset).results(), dataset)


@stage_app.command()
def track(dataset: Dataset) -> None:
    """Mirror the stored runs into MLflow; a server that is down does not end the study."""
    from pipeline.stages import sync as stage

    stage.run(_ready("track", dataset), [dataset])


@app.command()
def plan(
    calibrate: Annotated[
        bool, typer.Option(help="Time a few real steps of each recipe, some seconds in all.")
    ] = True,
) -> None:
    """Print cells, runs to train and stored, expected time and disk, and what can be seen."""
    from pipeline.planning.status import plan_lines

    for line in plan_lines(_project(), calibrated=calibrate):
        print(line, flush=True)


@app.command()
def run(fail_fast: FailFast = False) -> None:
    """Run the whole study without DVC: data, tuning, training, timing, tracking, report."""
    from pipeline.stages import data as data_stage
    from pipeline.stages import sync as sync_stage
    from pipeline.stages import tune as tune_stage

    project = _project()
    for dataset in project.study.datasets:
        data_stage.run(project, dataset)
    for dataset in project.study.datasets:
        tune_stage.run(project, dataset, fail_fast=fail_fast)
        train(dataset, fail_fast=fail_fast)
        champion(dataset)
    for dataset in project.study.datasets:
        time(dataset)
    sync_stage.run(project)
    report()


@app.command()
def status() -> None:
    """Say which runs are stored, and why the others are not."""
    from pipeline.planning.status import status_lines

    for line in status_lines(_project()):
        print(line)


@app.command()
def report(
    open_page: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Redraw tables, figures and report from what is stored; trains nothing."""
    import webbrowser

    from pipeline.stages import report as stage

    page = stage.run(_project())
    print(page)
    if open_page:
        webbrowser.open(page.as_uri())


@app.command()
def predict(
    image: Annotated[Path, typer.Argument(help="A picture of any size and colour.")],
    dataset: Annotated[str | None, typer.Option(help="Whose best network answers.")] = None,
    out: Annotated[Path | None, typer.Option(help="PNG to write.")] = None,
) -> None:
    """Show the best network's probabilities for one picture beside the picture."""
    from pipeline.champion.predict import predict_lines

    for line in predict_lines(_project(), image, dataset, out):
        print(line)


@app.command()
def sync(
    datasets: Annotated[list[str] | None, typer.Argument(help="Datasets; all by default.")] = None,
) -> None:
    """Make MLflow hold exactly the stored runs of the study."""
    from pipeline.stages import sync as stage

    raise SystemExit(0 if stage.run(_project(), datasets or None) else 1)


@app.command()
def ui(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 5000,
) -> None:
    """Mirror the study into MLflow, serve its UI and print the ready views."""
    from pipeline.stages import sync as stage
    from pipeline.tracking.server import ServerError, serve_ui

    project = _project()
    stage.run(project)
    try:
        code = serve_ui(project.root, project.study.name, host=host, port=port)
    except ServerError as error:
        print(f"knockout: {error}", file=sys.stderr)
        code = 1
    raise SystemExit(code)


@app.command()
def doctor() -> None:
    """Check store, MLflow, data cache, DVC and environment; name what mends each fault."""
    from pipeline.doctor.doctor import doctor as examine

    raise SystemExit(examine(_project()))


@app.command()
def check() -> None:
    """Validate the study; exit code 2 and one line when something is wrong."""
    project = _project()
    study = project.study
    file = f"{project.declared}.yaml" if project.declared else "params.yaml"
    print(f"{file} is valid: study {study.name}, datasets {', '.join(study.datasets)}")


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
    except (FirstFailureError, OSError) as error:
        if debug:
            raise
        print(f"knockout: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except SystemExit as end:
        # Typer turns Ctrl-C into this exit code, without a word.
        if end.code == 130:
            print("knockout: stopped; what has finished is stored", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
