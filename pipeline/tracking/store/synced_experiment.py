"""Make one experiment hold exactly the given records."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.tracking.records.record import Record
from pipeline.tracking.store.connection import Connection
from pipeline.tracking.store.experiments import Held, held_runs

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
    the UI restores it until `mlflow gc`. The connection's lock is held; `report` counts what is
    done.
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
