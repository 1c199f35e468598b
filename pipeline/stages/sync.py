"""Stage `track`: make MLflow hold exactly what plan and store hold, and the champion."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import numpy as np
import pandas as pd

from experiments.analysis import cell_comparison
from experiments.errors import StudyError, closest
from pipeline.champion.champion import CARD, load_champion
from pipeline.study.plans import cards, planned
from pipeline.study.project import Project
from pipeline.study.running.training import finished
from pipeline.study.store.run_tables import Pair
from pipeline.tracking import (
    Connection,
    clear_leftovers,
    connect,
    remove_other_datasets,
    sync,
    sync_champion,
)
from pipeline.tracking.connection import is_queued_copy
from pipeline.tracking.mirror import SyncReport
from pipeline.tracking.study_sync import first_line


def stored_pairs(project: Project, dataset: str) -> list[Pair]:
    """Return the planned runs of a dataset that the store holds, in the plan's order."""
    specs = planned(project, dataset)
    results = finished(project, specs)
    return [(spec, results[spec.run_key]) for spec in specs if spec.run_key in results]


def comparison(project: Project, dataset: str) -> pd.DataFrame:
    """Return the comparison table of one dataset's run table."""
    study = project.study
    return cell_comparison(
        pd.read_parquet(project.results(dataset) / "runs.parquet"),
        study.factors,
        margins={dataset: study.margin(dataset)},
        rng=np.random.default_rng(study.seed),
        response=study.response,
        alpha=study.alpha,
    )


def _ready(project: Project, datasets: Iterable[str] | None) -> list[str]:
    """Return the datasets that have been trained, of those named."""
    known = project.study.datasets
    for name in datasets or ():
        # A dataset that left the study still has its card, and DVC its stage.
        if name not in known and not project.results(name).exists():
            raise StudyError(f"{name!r} is no dataset of the study. {closest(name, known)}")
    trained = [
        card.name
        for card in cards(project)
        if card.usable and (project.results(card.name) / "runs.parquet").exists()
    ]
    return [name for name in trained if datasets is None or name in datasets]


def _track(project: Project, connection: Connection, dataset: str) -> Iterable[str]:
    """Mirror one dataset and register its champion; yield what could not be done."""
    table = comparison(project, dataset)
    report = sync(connection, project.study.name, stored_pairs(project, dataset), table)
    print(f"{dataset}: {report}")
    yield from report.failed
    folder = project.results(dataset) / "champion"
    if report.failed or not (folder / CARD).exists():
        return
    registered = sync_champion(connection, load_champion(folder), table)
    if isinstance(registered, SyncReport):
        yield from registered.failed
    else:
        print(f"{dataset}: {registered}")


def run(project: Project, datasets: list[str] | None = None) -> bool:
    """Mirror the study into MLflow; say what could not be mirrored and return whether all was.

    Raises
    ------
    StudyError
        If a named dataset is not the study's, or a champion is damaged.
    """
    if is_queued_copy(project.root):
        print("a queued experiment is not mirrored: dvc exp apply, then knockout sync")
        return True
    chosen = _ready(project, datasets)
    if not chosen:
        print("nothing to mirror: no dataset of the study has been trained")
        return True
    problems: list[str] = []
    try:
        connection = connect(project.root)
        for name in chosen:
            problems += _track(project, connection, name)
            if problems:
                break  # a server that does not answer would be waited for once per dataset
        if datasets is None and not problems:
            remove_other_datasets(connection, project.study.name, project.study.datasets)
        if not problems:
            clear_leftovers(connection, project.study.name)
    except StudyError:
        raise
    except Exception as error:
        # Whatever stands in the way of the mirror, the runs themselves are stored.
        problems.append(first_line(error))
    again = project.command("sync")
    for problem in problems:
        print(
            f"MLflow tracking: {problem}. Nothing is lost: `{again}` tries again.",
            file=sys.stderr,
        )
    return not problems
