"""Show runs in MLflow as they finish, without ever holding up or breaking the study."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.results.text.measure import ACCURACY, Measure
from pipeline.tracking.records.names import MACHINE, experiment
from pipeline.tracking.records.record import NOTE_TAG, PROJECT_TAG
from pipeline.tracking.records.run_record import run_record
from pipeline.tracking.store.connection import Connection, connect, is_queued_copy, trouble
from pipeline.tracking.store.experiments import ensure_experiment
from pipeline.tracking.synced_study import SyncedExperiment, SyncReport, ensure_dataset

_PATIENCE_SECONDS = 8.0
_SAMPLE_SECONDS = 5
_BATCH = 50
# Runs that may wait to be written; what comes faster is left to the sync, or memory would grow.
_MOST_WAITING = 100
_Run = tuple[RunSpec, RunResult]


class LiveTracking:
    """Log the finished runs of one dataset's training from a thread; used as a context.

    Workers wait for the parent to hand out runs, so the parent must not wait for MLflow. At
    the end of the context the thread gets a few seconds for what is left; one that is still
    opening MLflow then is left to the sync without a word. The first failure is printed in one
    line and ends it: the run store has everything, and the sync at the end of the stage
    completes the mirror, by the command `sync`. `logged` counts the runs that MLflow now
    holds.
    """

    def __init__(
        self,
        study: str,
        project: Path,
        *,
        measure: Measure = ACCURACY,
        sync: str = "knockout sync",
    ) -> None:
        self.failure = ""
        self._study, self._project = study, project
        self._sync, self._measure = sync, measure
        self._given = self.logged = 0  # counted by the parent, by the thread
        self._queue: SimpleQueue[_Run | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._abandoned = threading.Event()
        self._opened = 0.0  # when MLflow was, in seconds; 0 before

    def __enter__(self) -> LiveTracking:
        if _machine_wanted() and not is_queued_copy(self._project):
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread is None:
            return
        self._queue.put(None)
        self._thread.join(_PATIENCE_SECONDS)
        # A short study may be over before MLflow is imported and its database made.
        self._thread.join(max(0.0, self._opened + _PATIENCE_SECONDS - time.monotonic()))
        if self._thread.is_alive():
            self._abandoned.set()  # it ends after the call that it is in
        if self._opened and self._given > self.logged:
            self._stop(f"stops with {self._given - self.logged} runs still waiting for it")

    def log_run(self, spec: RunSpec, result: RunResult) -> None:
        """Have one finished run logged, unless tracking failed before; returns at once."""
        if self.failure or spec.trial or is_queued_copy(self._project):
            return
        self._start()
        self._given += 1
        if self._queue.qsize() < _MOST_WAITING:
            self._queue.put((spec, result))

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="tracking", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        try:
            self._log()
        except Exception as error:
            # A study that trains for an hour must not die of its logbook.
            self._stop(error)

    def _log(self) -> None:
        """Log what comes, until there is no more or nobody waits for it."""
        connection = connect(self._project)
        with connection.writing(timeout=0), _machine_run(connection, self._study):
            self._opened = time.monotonic()
            runs: SyncedExperiment | None = None
            while (batch := self._next()) and not self._abandoned.is_set():
                if runs is None:
                    runs_id, cells_id = ensure_dataset(connection, batch[0][0], self._measure)
                    runs = SyncedExperiment(connection, runs_id, SyncReport())
                for spec, result in batch:
                    runs.add(run_record(spec, result, cells_id))
                runs.write()
                self.logged += len(batch)

    def _next(self) -> list[_Run]:
        """Wait for a run, and take what else has finished meanwhile; none at the end."""
        batch: list[_Run] = []
        while len(batch) < _BATCH and not (batch and self._queue.empty()):
            if (run := self._queue.get()) is None:
                self._queue.put(None)  # for the next call
                break
            batch.append(run)
        return batch

    def _stop(self, what: Exception | str) -> None:
        if not self.failure:
            self.failure = trouble(what, f"`{self._sync}` adds what is missing")
            print(self.failure)


def _machine_wanted() -> bool:
    """Return whether MLflow's switch for system metrics is on."""
    return os.environ.get("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "").lower() in ("true", "1")


@contextmanager
def _machine_run(connection: Connection, study: str) -> Iterator[None]:
    """Sample processor, memory, disk and network by MLflow's own monitor, where that is wanted.

    It is a run of its own: workers share the machine, so that load and memory belong to no single
    run, and the run store, from which a sync rebuilds the others, does not hold it.
    """
    if not _machine_wanted():
        yield
        return
    from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

    logging.getLogger("mlflow.system_metrics").setLevel(logging.WARNING)
    client = connection.client
    note = f"Machine: load and memory while study {study} trained, one run per training."
    identifier = ensure_experiment(connection, experiment(study, MACHINE), {NOTE_TAG: note})
    name = f"train {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
    # Whose it is: only that project can tell a monitor at work from one that was killed.
    tags = {"study": study, PROJECT_TAG: str(connection.project)}
    run_id = client.create_run(identifier, run_name=name, tags=tags).info.run_id
    monitor = SystemMetricsMonitor(
        run_id, sampling_interval=_SAMPLE_SECONDS, tracking_uri=connection.uri
    )
    monitor.start()
    try:
        yield
    finally:
        monitor.finish()
        client.set_terminated(run_id)
