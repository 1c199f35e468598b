"""The command line: `knockout plan | run | status | show | report | compare` and more."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from data_loaders.errors import DataError, DatasetUnavailableError
from experiments.errors import StudyError
from pipeline.commands import stage as stage_commands
from pipeline.commands.stage import Budget, FailFast
from pipeline.commands.study_option import StudyFirst, choose, chosen_project
from pipeline.study.running.failed_runs import FailedRunsError


def say(lines: Iterable[str] | None, **_: object) -> None:
    """Print each line that a command returns as soon as it is known."""
    for line in lines or ():
        print(line, flush=True)


# Plain help: what makes it colourful takes longer to import than all else.
_GROUP = partial(typer.Typer, no_args_is_help=True, rich_markup_mode=None)
app = _GROUP(
    cls=StudyFirst, add_completion=False, pretty_exceptions_enable=False, result_callback=say
)
app.callback()(choose)
app.add_typer(stage_commands.stage_app, name="stage")
data_app = _GROUP(help="Look at the datasets of a study.")
# With a callback, its one command keeps its name.
data_app.callback()(lambda: None)
app.add_typer(data_app, name="data")


@data_app.command("show")
def show_data(
    name: Annotated[str, typer.Argument(help="A dataset of the study, or a built-in one.")],
    out: Annotated[Path | None, typer.Option(help="PNG to write the samples to.")] = None,
    image: Annotated[
        int | None, typer.Option(help="Print the pixels of this test image instead, from 0.")
    ] = None,
) -> Iterable[str]:
    """Print counts, classes, hash, origin and warnings of a dataset; draw samples of it."""
    from pipeline.commands.data import image_lines, show_lines

    project = chosen_project()
    return show_lines(project, name, out) if image is None else image_lines(project, name, image)


@app.command()
def plan(
    calibrate: Annotated[
        bool, typer.Option(help="Time a few real steps of each recipe, some seconds in all.")
    ] = True,
) -> Iterable[str]:
    """Print cells, runs to train and stored, expected time and disk, and what can be detected."""
    from pipeline.study.planning.status import plan_lines

    return plan_lines(chosen_project(), calibrated=calibrate)


@app.command()
def run(fail_fast: FailFast = False, budget: Budget = None) -> None:
    """Run the whole study without DVC: data, tuning, training, timing, tracking, report."""
    from pipeline.stages import sync_stage

    project = chosen_project()
    train = partial(stage_commands.train, fail_fast=fail_fast, budget=budget)
    for stage in (stage_commands.data, train, stage_commands.time, stage_commands.champion):
        for dataset in project.study.datasets:
            stage(dataset)
    sync_stage.run(project)
    report()


@app.command()
def status() -> Iterable[str]:
    """Say which runs are stored, and why the others are not."""
    from pipeline.study.planning.status import status_lines

    return status_lines(chosen_project())


@app.command()
def report(
    open_page: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Redraw tables, figures and report from what is stored; trains nothing."""
    import webbrowser

    from pipeline.stages import report_stage as stage
    from pipeline.study.running.progress import stage_bar

    project = chosen_project()
    try:
        page = stage.run(project, bar=stage_bar(project, "report"))
    except FailedRunsError:
        # The report without them is drawn by then.
        say(show())
        raise
    say(show())
    if open_page:
        webbrowser.open(page.as_uri())


@app.command()
def show() -> Iterable[str]:
    """Print the verdict table of a finished study, and where its page and runs are."""
    from pipeline.commands.show_and_compare import show_lines

    return show_lines(chosen_project())


@app.command()
def compare(
    a: Annotated[
        str, typer.Argument(help="A folder with results, a declared study, or a Git revision.")
    ],
    b: Annotated[
        str | None, typer.Argument(help="The same; by default the results in this folder.")
    ] = None,
) -> Iterable[str]:
    """Say which verdicts of two studies, or of two commits of one, differ, and why."""
    from pipeline.commands.show_and_compare import compare_lines

    return compare_lines(chosen_project(), a, b)


@app.command()
def predict(
    picture: Annotated[
        Path, typer.Argument(help="A picture of any size and colour; with --image a dataset.")
    ],
    dataset: Annotated[str | None, typer.Option(help="Whose best network answers.")] = None,
    image: Annotated[
        int | None, typer.Option(help="Classify this test image of the dataset, from 0.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="PNG to write.")] = None,
) -> Iterable[str]:
    """Show the best network's probabilities for one picture beside the picture."""
    from pipeline.commands.predict import predict_image_lines, predict_lines

    project = chosen_project()
    if image is None:
        return predict_lines(project, picture, dataset, out)
    return predict_image_lines(project, str(picture), image, out)


@app.command()
def tutorials(
    names: Annotated[
        list[str] | None, typer.Argument(help="Such as 002 or tutorial_002; all by default.")
    ] = None,
) -> Iterable[str]:
    """Run the networks of the tutorials and print what each mistake costs and each step adds."""
    from pipeline.commands.tutorials import tutorial_lines

    return tutorial_lines(Path.cwd(), names or [])


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where; it is created when it does not exist.")],
) -> Iterable[str]:
    """Lay out a new study: params.yaml, dvc.yaml and an optimizer of one's own."""
    from pipeline.commands.init import init_lines

    return init_lines(folder)


@app.command()
def sync(
    datasets: Annotated[list[str] | None, typer.Argument(help="Datasets; all by default.")] = None,
) -> None:
    """Make MLflow hold exactly the stored runs of the study."""
    from pipeline.stages import sync_stage as stage

    raise SystemExit(0 if stage.run(chosen_project(), datasets or None) else 1)


@app.command()
def ui(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 5000,
) -> None:
    """Sync the study with MLflow, serve its UI and print the ready views."""
    from pipeline.stages import sync_stage as stage
    from pipeline.tracking.ui import ServerError, serve_ui

    project = chosen_project()
    stage.run(project)
    try:
        code = serve_ui(project.root, project.study.name, host=host, port=port)
    except ServerError as error:
        print(f"knockout: {error}", file=sys.stderr)
        code = 1
    raise SystemExit(code)


@app.command()
def doctor() -> None:
    """Check store, MLflow, data cache, DVC and environment; suggest a fix for each problem."""
    from pipeline.doctor.doctor import doctor as examine

    raise SystemExit(examine(chosen_project()))


@app.command()
def check(
    target: Annotated[
        str | None, typer.Argument(help="Your own component or training, my_lab.signum:Signum.")
    ] = None,
) -> Iterable[str]:
    """Validate the study and its own data, or hold what is your own to its contract."""
    if target is None:
        from pipeline.commands.check import study_lines

        return study_lines(chosen_project())
    from pipeline.commands.check import target_lines

    lines, holds = zip(*target_lines(target, Path.cwd()), strict=True)
    say(lines)
    raise SystemExit(0 if all(holds) else 1)


def main() -> None:
    """Run the command line: one line and exit code 2 for bad input, unless --debug."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows few letters shows "?" for an arrow; it is no reason to end.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    # Pydantic would look for plugins in all that is installed, a tenth of a small command's time.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Python's own form spreads over two lines and names the source.
    warnings.formatwarning = lambda message, *_, **__: f"warning: {message}\n"
    words = [word for word in sys.argv[1:] if word != "--debug"]
    try:
        app(words, prog_name="knockout")
    except (StudyError, DataError, FailedRunsError, DatasetUnavailableError, OSError) as error:
        if "--debug" in sys.argv:
            raise
        print(f"knockout: {error}", file=sys.stderr)
        raise SystemExit(2 if isinstance(error, StudyError | DataError) else 1) from None
    except SystemExit as end:
        # Typer turns Ctrl-C into this exit code, without a word.
        if end.code == 130:
            print("knockout: stopped; what has finished is stored", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
