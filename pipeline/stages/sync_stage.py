"""Stage `sync`: make MLflow hold exactly what plan and store hold, and the champion."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

import numpy as np

from experiments import analysis
from experiments.errors import StudyError, closest
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.champion.saved_network import CARD, load_champion
from pipeline.results.scored_runs import read_runs, with_responses
from pipeline.results.text.measure import Measure
from pipeline.study.dataset_card import known_cards
from pipeline.study.plans import finished_run, planned
from pipeline.study.project import Project
from pipeline.tracking.registry.register import register_champion
from pipeline.tracking.store.address import AddressError
from pipeline.tracking.store.connection import Connection, connect, is_queued_copy, trouble
from pipeline.tracking.store.experiments import clear_leftovers
from pipeline.tracking.synced_study import remove_other_datasets, sync, sync_study


def _ready(project: Project, datasets: Iterable[str] | None) -> list[str]:
    """Return the datasets that have been trained, of those named."""
    known = project.study.datasets
    for name in datasets or ():
        # A dataset that left the study still has its card, and DVC its stage.
        if name not in known and not project.results(name).exists():
            raise StudyError(
                f"{name!r} is an unknown dataset; the study has others. {closest(name, known)}"
            )
    trained = [
        card.name
        for card in known_cards(project)
        if card.usable and (project.results(card.name) / "runs.parquet").exists()
    ]
    return [name for name in trained if datasets is None or name in datasets]


def _sync(project: Project, connection: Connection, dataset: str) -> None:
    """Sync one dataset and register its champion."""
    study, rng = project.study, np.random.default_rng(project.study.seed)
    runs = read_runs(project, dataset)
    table = analysis.cell_comparison(runs, study, rng=rng)
    rows = {row["cell"]: row for row in table.to_dict("records")}

    def stored(spec: RunSpec) -> RunResult | None:
        found = finished_run(project, spec)
        return with_responses(found, study.responses) if found else None

    measure = Measure(study.response, study.measure)
    report = sync(connection, planned(project, dataset), stored, rows, measure=measure)
    print(f"{dataset}: {report}")
    folder = project.results(dataset) / "champion"
    if (folder / CARD).exists():
        champion = load_champion(folder)
        version = register_champion(connection, champion, rows.get(champion.card.cell))
        print(f"{dataset}: models:/{version.name}@champion is version {version.version}")


def run(project: Project, datasets: list[str] | None = None) -> bool:
    """Sync the study with MLflow; say what could not be synced and return whether all was.

    Raises
    ------
    StudyError
        If a named dataset is not the study's, or a champion is damaged.
    """
    if is_queued_copy(project.root):
        print("a queued experiment is not synced: dvc exp apply, then knockout sync")
        return True
    chosen = _ready(project, datasets)
    if not chosen:
        print("nothing to sync: no dataset of the study has been trained")
        return True
    try:
        connection = connect(project.root)
        with connection.writing():
            for name in chosen:
                _sync(project, connection, name)
            if datasets is None:
                remove_other_datasets(connection, project.study.name, project.study.datasets)
                verdicts, page = project.results() / "verdicts.json", project.reports / "index.html"
                # Once the report has written them.
                if verdicts.exists() and page.exists():
                    sync_study(connection, json.loads(verdicts.read_bytes()), page)
            clear_leftovers(connection, project.study.name)
        return True
    except Exception as error:
        if isinstance(error, StudyError) and not isinstance(error, AddressError):
            raise  # the study's own, like a damaged champion
        print(trouble(error, f"`{project.command('sync')}` tries again"), file=sys.stderr)
        return False
