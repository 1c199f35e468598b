"""Stage `sync`: make MLflow hold exactly what plan and store hold, and the champion."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from functools import partial

import numpy as np
import pandas as pd

from experiments.analysis import cell_comparison
from experiments.errors import StudyError, closest
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.champion.saved_network import CARD, load_champion
from pipeline.study.dataset_card import known_cards
from pipeline.study.plans import planned
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_table
from pipeline.tracking import (
    Connection,
    SyncReport,
    clear_leftovers,
    connect,
    is_queued_copy,
    remove_other_datasets,
    sync,
    sync_champion,
    sync_study,
)
from pipeline.tracking.store.address import AddressError
from pipeline.tracking.store.connection import reason


def _stored(project: Project, spec: RunSpec) -> RunResult | None:
    """Return a stored run; a failed one is not finished."""
    result = project.store.get(spec.run_key)
    return None if result is None or result.status == "failed" else result


def comparison(project: Project, dataset: str) -> pd.DataFrame:
    """Return the comparison table of one dataset's run table."""
    study = project.study
    return cell_comparison(
        read_table(project.results(dataset) / "runs.parquet"),
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
        for card in known_cards(project)
        if card.usable and (project.results(card.name) / "runs.parquet").exists()
    ]
    return [name for name in trained if datasets is None or name in datasets]


def _sync(project: Project, connection: Connection, dataset: str) -> Iterable[str]:
    """Mirror one dataset and register its champion; yield what could not be done."""
    table = comparison(project, dataset)
    report = sync(
        connection,
        planned(project, dataset),
        partial(_stored, project),
        table,
        response=project.study.response,
    )
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


def _sync_page(project: Project, connection: Connection) -> Iterable[str]:
    """Show the study's page and verdicts, once the report has written them."""
    verdicts, page = project.results() / "verdicts.json", project.reports / "index.html"
    if not (verdicts.exists() and page.exists()):
        return ()
    content = json.loads(verdicts.read_text(encoding="utf-8"))
    return sync_study(connection, content, page).failed


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
            problems += _sync(project, connection, name)
            if problems:
                break  # a server that does not answer would be waited for once per dataset
        if datasets is None and not problems:
            remove_other_datasets(connection, project.study.name, project.study.datasets)
            problems += _sync_page(project, connection)
        if not problems:
            clear_leftovers(connection, project.study.name)
    except AddressError as error:
        # Trying again would not help.
        print(f"MLflow tracking: {error}", file=sys.stderr)
        return False
    except StudyError:
        raise
    except Exception as error:
        # Whatever stands in the way of the mirror, the runs themselves are stored.
        problems.append(reason(error))
    again = project.command("sync")
    for problem in problems:
        print(
            f"MLflow tracking: {problem}. Nothing is lost: `{again}` tries again.",
            file=sys.stderr,
        )
    return not problems
