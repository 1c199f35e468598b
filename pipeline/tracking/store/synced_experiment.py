"""Make one experiment hold exactly the given records."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.tracking.records.record import Record
from pipeline.tracking.store.connection import Connection
from pipeline.tracking.store.held import Held, held_runs
from pipeline.tracking.store.writer import write

_BATCH = 50  # runs in one transaction: as many are lost when the process is killed


@dataclass(frozen=True)
class SyncReport:
    """What a sync did.

    Parameters
    ----------
    created : int
        Runs written because MLflow had none.
    present : int
        Runs that were there already, unchanged.
    replaced : int
        Runs written again: cut short before, or with other content.
    removed : int
        Runs deleted: no longer in the plan or the store, or there twice.
    failed : tuple of str
        What could not be written, a line each.
    """

    created: int = 0
    present: int = 0
    replaced: int = 0
    removed: int = 0
    failed: tuple[str, ...] = ()

    def __add__(self, other: SyncReport) -> SyncReport:
        return SyncReport(
            self.created + other.created,
            self.present + other.present,
            self.replaced + other.replaced,
            self.removed + other.removed,
            self.failed + other.failed,
        )

    def __str__(self) -> str:
        text = (
            f"{self.created} created, {self.present} present, "
            f"{self.replaced} replaced, {self.removed} removed"
        )
        return f"{text}, {len(self.failed)} FAILED" if self.failed else text


class SyncedExperiment:
    """An experiment that will hold exactly the records added to it, one run each.

    A run that is there with the same content is left alone. One that was cut short, was
    written twice, lost its artifacts, or has other content is deleted and written anew; so
    is a run of a cell that has left the plan, so that the table on the screen is the study's
    own. Runs without our key, a user's own, are not touched. Deletion is MLflow's soft one:
    the UI restores it until `mlflow gc`.

    Parameters
    ----------
    connection : Connection
        From `connect`; its lock is held.
    experiment_id : str
        Which experiment.
    """

    def __init__(self, connection: Connection, experiment_id: str) -> None:
        self.experiment_id = experiment_id
        self._connection = connection
        self._held: dict[str, list[Held]] = {}
        for run in held_runs(connection, experiment_id):
            if run.key:
                self._held.setdefault(run.key, []).append(run)
        self._wanted: set[str] = set()
        self._waiting: list[Record] = []
        self._report = SyncReport()

    def add(self, record: Record) -> None:
        """Have a record written, unless its run is there; two of one key share a run."""
        if record.key in self._wanted:
            return
        self._wanted.add(record.key)
        runs = self._held.get(record.key, [])
        good = [run for run in runs if _is_good(run, record)][:1]
        self._delete([run for run in runs if run not in good])
        if good:
            self._report += SyncReport(present=1, removed=len(runs) - 1)
            return
        self._report += SyncReport(created=not runs, replaced=bool(runs))
        self._waiting.append(record)
        if len(self._waiting) == _BATCH:
            self._write()

    def finish(self) -> SyncReport:
        """Write what is left, delete the runs of no record, and say what was done."""
        self._write()
        gone = [run for key in self._held.keys() - self._wanted for run in self._held[key]]
        self._delete(gone)
        return self._report + SyncReport(removed=len(gone))

    def _write(self) -> None:
        if self._waiting:
            write(self._connection, self.experiment_id, self._waiting)
            self._waiting = []

    def _delete(self, runs: list[Held]) -> None:
        for run in runs:
            self._connection.client.delete_run(run.run_id)


def _is_good(run: Held, record: Record) -> bool:
    lost = record.has_artifacts and run.lost_artifacts
    return run.finished and run.digest == record.digest and not lost
