"""Sync a study's finished runs and cells into MLflow; again and again, to the same end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.champion.saved_network import Champion
from pipeline.results.text.measure import ACCURACY, Measure
from pipeline.tracking.records.cell_record import cell_record, cells_by_name
from pipeline.tracking.records.links import view_link
from pipeline.tracking.records.names import (
    cells_experiment,
    champions_experiment,
    machine_experiment,
    runs_experiment,
    study_experiment,
)
from pipeline.tracking.records.provenance import provenance
from pipeline.tracking.records.run_record import is_tracked, run_record
from pipeline.tracking.records.study_record import study_record
from pipeline.tracking.registry.register import Registered, register_champion
from pipeline.tracking.store.connection import Connection, reason
from pipeline.tracking.store.experiments import ensure_experiment, retire, study_experiments
from pipeline.tracking.store.leftovers import clear
from pipeline.tracking.store.synced_experiment import SyncedExperiment, SyncReport
from pipeline.tracking.views.ready_view import cells_view, runs_view, study_view

Read = Callable[[RunSpec], RunResult | None]


def sync(
    connection: Connection,
    specs: Sequence[RunSpec],
    read: Read,
    cells: pd.DataFrame | None = None,
    *,
    measure: Measure = ACCURACY,
) -> SyncReport:
    """Make MLflow hold exactly these runs, for the datasets they are of.

    Parameters
    ----------
    connection : Connection
        From `connect`.
    specs : sequence of RunSpec
        The study's planned runs; tuning trials are passed over.
    read : callable
        Returns a run's stored result, None for one that is not to be shown. Asked cell by cell,
        so that memory holds one cell's results, however large the study.
    cells : DataFrame, optional
        The comparison table, one row per dataset and cell; without it the cells show means
        and curves alone.
    measure : Measure
        What the study judges by.

    Returns
    -------
    SyncReport
        An error of the store or server ends up in `failed`: nothing is raised, nothing is
        lost, the next sync goes on from there.
    """
    by_dataset: dict[tuple[str, str], dict[str, list[RunSpec]]] = {}
    for spec in filter(is_tracked, specs):
        by_dataset.setdefault((spec.study, spec.dataset), {}).setdefault(spec.cell, []).append(spec)
    report, rows = SyncReport(), cells_by_name(cells)
    try:
        with connection.writing():
            for own in by_dataset.values():
                report += _sync_dataset(connection, own, read, rows, measure)
    except Exception as error:
        # Whatever MLflow, its database or its server throws, the study itself is safe.
        report += SyncReport(failed=(reason(error),))
    return report


def _sync_dataset(
    connection: Connection,
    by_cell: Mapping[str, Sequence[RunSpec]],
    read: Read,
    rows: Mapping[tuple[str, str], Mapping[str, Any]],
    measure: Measure,
) -> SyncReport:
    origin = provenance(connection.project)
    opened: list[SyncedExperiment] | None = None
    for cell, specs in by_cell.items():
        pairs = [(spec, result) for spec in specs if (result := read(spec)) is not None]
        if not pairs:
            continue
        # Not before there is a run: a clone without a store leaves what MLflow holds alone.
        if opened is None:
            ids = ensure_dataset(connection, pairs[0][0], measure)
            opened = [SyncedExperiment(connection, identifier) for identifier in ids]
        runs, own = opened
        for spec, result in pairs:
            runs.add(run_record(spec, result, origin, own.experiment_id))
        row = rows.get((pairs[0][0].dataset, cell), {})
        own.add(cell_record(pairs, row, origin, measure=measure, runs_id=runs.experiment_id))
    return sum((each.finish() for each in opened or ()), SyncReport())


def ensure_dataset(connection: Connection, spec: RunSpec, measure: Measure) -> tuple[str, str]:
    """Return the ids of the experiments of a dataset's replicates and of its cells."""
    study, dataset, factors = spec.study, spec.dataset, tuple(spec.levels)
    return (
        ensure_experiment(
            connection,
            runs_experiment(study, dataset),
            runs_view(study, dataset, factors, measure),
        ),
        ensure_experiment(
            connection,
            cells_experiment(study, dataset),
            cells_view(study, dataset, factors, measure),
        ),
    )


def sync_study(connection: Connection, verdicts: Mapping[str, Any], page: Path) -> SyncReport:
    """Show a study's answer: its page as an artifact, the verdict on each component in its note.

    Parameters
    ----------
    connection : Connection
        From `connect`.
    verdicts : mapping
        The content of `results/verdicts.json`.
    page : Path
        The report, one file.
    """
    study = str(verdicts["study"])
    datasets = dict.fromkeys(str(row["dataset"]) for row in verdicts["components"])
    try:
        with connection.writing():
            known = {e.name: e.experiment_id for e in study_experiments(connection, study)}
            links = {
                dataset: view_link("", known[name])
                for dataset in datasets
                if (name := cells_experiment(study, dataset)) in known
            }
            experiment = ensure_experiment(connection, study_experiment(study), study_view(study))
            synced = SyncedExperiment(connection, experiment)
            origin = provenance(connection.project)
            synced.add(study_record(verdicts, page, origin, links=links))
            return synced.finish()
    except Exception as error:
        return SyncReport(failed=(reason(error),))


def sync_champion(
    connection: Connection, champion: Champion, cells: pd.DataFrame | None = None
) -> Registered | SyncReport:
    """Register a dataset's champion; return the version, or what went wrong as `failed`."""
    row = cells_by_name(cells).get((champion.card.dataset, champion.card.cell), {})
    try:
        with connection.writing():
            return register_champion(connection, champion, row)
    except Exception as error:
        return SyncReport(failed=(reason(error),))


def remove_other_datasets(connection: Connection, study: str, datasets: Sequence[str]) -> int:
    """Retire the experiments of datasets that a study no longer has; return how many."""
    names = (cells_experiment, runs_experiment)
    kept = {name(study, dataset) for dataset in datasets for name in names}
    kept |= {champions_experiment(study), machine_experiment(study)}
    gone = [e for e in study_experiments(connection, study) if e.name not in kept]
    for experiment in gone:
        retire(connection, experiment)
    return len(gone)


def clear_leftovers(connection: Connection, study: str) -> int:
    """Remove what a killed process left beside the runs; return how many runs.

    Raises
    ------
    filelock.Timeout
        If another process is writing.
    """
    with connection.writing():
        return clear(connection, study)
