"""Sync a study's finished runs and cells into MLflow; again and again, to the same end.

All of it is called under the writer's lock. What MLflow, its database or its server raises is
raised: nothing is lost then, and the next sync continues from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.results.text.measure import ACCURACY, Measure
from pipeline.tracking.records.cell_record import cell_record
from pipeline.tracking.records.names import BESIDE, RUNS, experiment, view_link
from pipeline.tracking.records.ready_view import cells_view, runs_view, study_view
from pipeline.tracking.records.record import Record
from pipeline.tracking.records.run_record import run_record
from pipeline.tracking.records.study_record import study_record
from pipeline.tracking.store.connection import Connection
from pipeline.tracking.store.experiments import (
    Held,
    ensure_experiment,
    held_runs,
    retire,
    study_experiments,
)

_BATCH = 100  # runs in one transaction: as many are lost when the process is killed


@dataclass
class SyncReport:
    """What a sync did: runs that were new, there already, written again, and deleted."""

    created: int = 0
    present: int = 0
    replaced: int = 0
    removed: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{number} {what}" for what, number in vars(self).items())


class SyncedExperiment:
    """An experiment that will hold exactly the records added to it, one run each.

    A run that is there with the same content is left alone. One that was cut short, was
    written twice, lost its artifacts, or has other content is deleted and written anew; so
    is a run of a cell that has left the plan, so that the table on the screen is the study's
    own. Runs without our key, a user's own, are not touched. Deletion is MLflow's soft one:
    the UI restores it until `mlflow gc`. `report` counts what is done.
    """

    def __init__(self, connection: Connection, experiment_id: str, report: SyncReport) -> None:
        self.experiment_id = experiment_id
        self._connection, self._report = connection, report
        self._held: dict[str, list[Held]] = {}
        for run in held_runs(connection, experiment_id):
            if run.key:
                self._held.setdefault(run.key, []).append(run)
        self._wanted: set[str] = set()
        self._waiting: list[Record] = []

    def add(self, record: Record) -> None:
        """Have a record written, unless its run is there; two of one key share a run."""
        if record.key in self._wanted:
            return
        self._wanted.add(record.key)
        runs = self._held.pop(record.key, [])
        whole = [run for run in runs if run.finished and run.digest == record.digest]
        good = [run for run in whole if not (record.artifacts and run.lost_artifacts)][:1]
        self._delete([run for run in runs if run not in good])
        if good:
            self._report.present += 1
            self._report.removed += len(runs) - 1
            return
        self._report.created += not runs
        self._report.replaced += bool(runs)
        self._waiting.append(record)
        if len(self._waiting) == _BATCH:
            self.write()

    def write(self) -> None:
        """Write what waits for a whole batch."""
        if self._waiting:
            self._connection.write(self.experiment_id, self._waiting)
            self._waiting = []

    def finish(self) -> None:
        """Write what is left and delete the runs of no record."""
        self.write()
        gone = [run for runs in self._held.values() for run in runs]
        self._delete(gone)
        self._report.removed += len(gone)

    def _delete(self, runs: list[Held]) -> None:
        for run in runs:
            self._connection.client.delete_run(run.run_id)


def sync(
    connection: Connection,
    specs: Sequence[RunSpec],
    read: Callable[[RunSpec], RunResult | None],
    rows: Mapping[str, Mapping[Any, Any]] | None = None,
    *,
    measure: Measure = ACCURACY,
) -> SyncReport:
    """Make MLflow hold exactly these runs of a dataset, and their cells.

    `specs` are the dataset's planned runs; tuning trials are passed over. `read` returns a run's
    stored result, None for one that is not to be shown; it is asked cell by cell, so that memory
    holds a batch of results, however large the study. A cell without its row of the comparison
    table shows means and curves alone.
    """
    report = SyncReport()
    by_cell: dict[str, list[RunSpec]] = {}
    for spec in specs:
        if not spec.trial:
            by_cell.setdefault(spec.cell, []).append(spec)
    opened: list[SyncedExperiment] = []
    for cell, planned in by_cell.items():
        pairs = [(spec, result) for spec in planned if (result := read(spec)) is not None]
        if not pairs:
            continue
        # Not before there is a run: a clone without a store leaves what MLflow holds alone.
        if not opened:
            ids = ensure_dataset(connection, pairs[0][0], measure)
            opened = [SyncedExperiment(connection, identifier, report) for identifier in ids]
        runs, means = opened
        for spec, result in pairs:
            runs.add(run_record(spec, result, means.experiment_id))
        row = (rows or {}).get(cell, {})
        means.add(cell_record(pairs, row, measure=measure, runs_id=runs.experiment_id))
    for synced in opened:
        synced.finish()
    return report


def ensure_dataset(connection: Connection, spec: RunSpec, measure: Measure) -> tuple[str, str]:
    """Return the ids of the experiments of a dataset's replicates and of its cells."""
    named = spec.study, spec.dataset
    runs, cells = (view(*named, tuple(spec.levels), measure) for view in (runs_view, cells_view))
    return (
        ensure_experiment(connection, experiment(*named, RUNS), runs),
        ensure_experiment(connection, experiment(*named), cells),
    )


def sync_study(connection: Connection, verdicts: Mapping[str, Any], page: Path) -> SyncReport:
    """Show a study's answer: its page as an artifact, the verdict on each component in its note.

    Takes the content of `results/verdicts.json` and the report's one file.
    """
    study, report = str(verdicts["study"]), SyncReport()
    live = study_experiments(connection, study)
    links = {
        dataset: view_link("", live[name].experiment_id)
        for dataset in dict.fromkeys(str(row["dataset"]) for row in verdicts["components"])
        if (name := experiment(study, dataset)) in live
    }
    identifier = ensure_experiment(connection, experiment(study), study_view(study))
    synced = SyncedExperiment(connection, identifier, report)
    synced.add(study_record(verdicts, page, links))
    synced.finish()
    return report


def remove_other_datasets(connection: Connection, study: str, datasets: Sequence[str]) -> None:
    """Retire the experiments of datasets that a study no longer has."""
    kept = {experiment(study, *below) for d in datasets for below in ((d,), (d, RUNS))}
    kept |= {experiment(study), *(experiment(study, name) for name in BESIDE)}
    for name, found in study_experiments(connection, study).items():
        if name not in kept:
            retire(connection, found)
