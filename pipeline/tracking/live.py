"""Show runs in MLflow as they finish, without ever holding up or breaking the study."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.results.text.measure import ACCURACY, Measure
from pipeline.tracking import machine_metrics
from pipeline.tracking.records.provenance import provenance
from pipeline.tracking.records.run_record import is_tracked, run_record
from pipeline.tracking.store.address import AddressError
from pipeline.tracking.store.connection import Connection, connect, is_queued_copy, reason
from pipeline.tracking.store.held import held_runs
from pipeline.tracking.store.writer import write
from pipeline.tracking.synced_study import ensure_dataset

_PATIENCE_SECONDS = 8.0
_BATCH = 50
_Item = tuple[RunSpec, RunResult]


class LiveTracking:
    """Log finished runs from a thread of the process that trains them; used as a context.

    Workers wait for the parent to hand out runs, so the parent must not wait for MLflow. At
    the end of the context the thread gets a few seconds for what is left; one that is still
    opening MLflow then is left to the sync without a word. After the first failure it says so in
    one line and stays silent: the run store has everything and the sync
    at the end of the stage completes the mirror. `logged` counts the runs, `cpu_s` says what
    the thread took of the processor in all.

    Parameters
    ----------
    study : str
        The study's name.
    project : Path
        The project's root folder.
    uri : str, optional
        Address; default as in `connect`.
    sync : str
        The command that completes the mirror.
    measure : Measure
        What the study judges by.
    say : callable
        Takes the one line.
    """

    def __init__(
        self,
        study: str,
        project: Path,
        *,
        measure: Measure = ACCURACY,
        uri: str | None = None,
        sync: str = "knockout sync",
        say: Callable[[str], object] = print,
    ) -> None:
        self.failure = ""
        self.logged = 0
        self.cpu_s = 0.0
        self._study, self._project, self._uri = study, project, uri
        self._sync, self._measure, self._say = sync, measure, say
        self._given = 0
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._abandoned = threading.Event()
        self._resources = ExitStack()
        self._connection: Connection | None = None
        self._opened = 0.0
        self._experiments: dict[str, tuple[str, str, set[str]]] = {}
        self._provenance: dict[str, str] = {}

    def __enter__(self) -> LiveTracking:
        if machine_metrics.wanted() and not is_queued_copy(self._project):
            self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._thread is None:
            return
        self._queue.put(None)
        self._thread.join(_PATIENCE_SECONDS)
        # A short study may be over before MLflow is imported and its database made.
        self._thread.join(max(0.0, self._opened + _PATIENCE_SECONDS - time.monotonic()))
        if self._thread.is_alive():
            self._abandoned.set()  # it ends after the call that it is in
            if self._connection is not None:
                waiting = self._given - self.logged
                self._stop(self._later(f"runs still waiting for it: {waiting}"))

    def log_run(self, spec: RunSpec, result: RunResult) -> None:
        """Have one finished run logged, unless tracking failed before; returns at once."""
        if self.failure or not is_tracked(spec) or is_queued_copy(self._project):
            return
        self._start()
        self._given += 1
        self._queue.put((spec, result))

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="tracking", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        try:
            with self._resources:
                if machine_metrics.wanted():
                    machine = machine_metrics.machine_run(self._open(), self._study)
                    self._resources.enter_context(machine)
                while self._log(self._next()) and not self._abandoned.is_set():
                    pass
        except AddressError as error:
            self._stop(f"MLflow tracking: {error}")
        except Exception as error:
            # A study that trains for an hour must not die of its logbook.
            self._stop(self._later(reason(error)))
        finally:
            self.cpu_s = time.thread_time()

    def _next(self) -> list[_Item | None]:
        """Wait for a run, and take what else has finished meanwhile."""
        items = [self._queue.get()]
        with suppress(Empty):
            while len(items) < _BATCH:
                items.append(self._queue.get_nowait())
        return items

    def _log(self, items: Sequence[_Item | None]) -> bool:
        """Log runs that MLflow does not have; return whether more may come."""
        by_dataset: dict[str, list[_Item]] = {}
        for item in items:
            if item is not None:
                by_dataset.setdefault(item[0].dataset, []).append(item)
        for own in by_dataset.values():
            identifier, cells_id, known = self._experiment(own[0][0])
            new = {spec.run_key: (spec, result) for spec, result in own}
            records = [
                run_record(spec, result, self._provenance, cells_id)
                for key, (spec, result) in new.items()
                if key not in known
            ]
            write(self._open(), identifier, records)
            known.update(new)
            self.logged += len(records)
            self._given -= len(own) - len(records)
        return None not in items

    def _stop(self, line: str) -> None:
        if not self.failure:
            self.failure = line
            self._say(line)

    def _later(self, why: str) -> str:
        return (
            f"MLflow tracking stops here: {why}. Nothing is lost: `{self._sync}` adds what is "
            "missing."
        )

    def _open(self) -> Connection:
        if self._connection is None:
            connection = connect(self._project, self._uri)
            self._resources.enter_context(connection.writing(timeout=0))
            self._provenance = provenance(self._project)
            self._connection, self._opened = connection, time.monotonic()
        return self._connection

    def _experiment(self, spec: RunSpec) -> tuple[str, str, set[str]]:
        """Return a dataset's two experiments and the keys of its runs, read once."""
        if spec.dataset not in self._experiments:
            connection = self._open()
            runs_id, cells_id = ensure_dataset(connection, spec, self._measure)
            known = {run.key for run in held_runs(connection, runs_id) if run.finished}
            self._experiments[spec.dataset] = (runs_id, cells_id, known)
        return self._experiments[spec.dataset]
