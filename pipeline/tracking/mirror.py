"""Make one experiment hold exactly the given records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.tracking.connection import Connection
from pipeline.tracking.index import Held, held_runs
from pipeline.tracking.record import Record
from pipeline.tracking.writer import write


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


def mirror(connection: Connection, experiment_id: str, records: Iterable[Record]) -> SyncReport:
    """Make an experiment hold exactly these records, one run each.

    A run that is there with the same content is left alone. One that was cut short, was
    written twice, lost its artifacts, or has other content is deleted and written anew; so
    is a run of a cell that has left the plan, so that the table on the screen is the study's
    own. Runs without our key, a user's own, are not touched. Deletion is MLflow's soft one:
    the UI restores it until `mlflow gc`.
    """
    held: dict[str, list[Held]] = {}
    for run in held_runs(connection, experiment_id):
        if run.key:
            held.setdefault(run.key, []).append(run)
    created = present = replaced = removed = 0
    wanted = set()
    for record in records:
        if record.key in wanted:
            continue  # two cells of equal recipe share one run
        wanted.add(record.key)
        runs = held.get(record.key, [])
        good = [run for run in runs if _is_good(run, record)]
        for run in runs:
            if run not in good[:1]:
                connection.client.delete_run(run.run_id)
        if good:
            present += 1
            removed += len(runs) - 1
            continue
        write(connection, experiment_id, record)
        created += not runs
        replaced += bool(runs)
    for key in held.keys() - wanted:
        for run in held[key]:
            connection.client.delete_run(run.run_id)
            removed += 1
    return SyncReport(created, present, replaced, removed)


def _is_good(run: Held, record: Record) -> bool:
    lost = record.has_artifacts and run.lost_artifacts
    return run.finished and run.digest == record.digest and not lost
