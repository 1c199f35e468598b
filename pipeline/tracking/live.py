"""Show runs in MLflow as they finish, without ever holding up or breaking the study."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.tracking import system_metrics
from pipeline.tracking.connection import Connection, connect, is_queued_copy
from pipeline.tracking.experiment import ensure_experiment
from pipeline.tracking.index import held_runs
from pipeline.tracking.layout import is_tracked, run_record, runs_experiment
from pipeline.tracking.lock import BusyError, exclusive
from pipeline.tracking.provenance import provenance
from pipeline.tracking.study_sync import first_line
from pipeline.tracking.view import runs_view
from pipeline.tracking.writer import write

_PATIENCE_SECONDS = 8.0
_Item = tuple[RunSpec, RunResult]


class LiveTracking:
    """Log finished runs from a thread of the process that trains them; used as a context.

    Workers wait for the parent to hand out runs, so the parent must not wait for MLflow. At
    the end of the context the thread gets a few seconds for what is left. After the first
    failure it says so in one line and stays silent: the run store has everything and the sync
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
    say : callable
        Takes the one line.
    """

    def __init__(
        self,
        study: str,
        project: Path,
        *,
        uri: str | None = None,
        sync: str = "knockout sync",
        say: Callable[[str], object] = print,
    ) -> None:
        self.failure = ""
        self.logged = 0
        self.cpu_s = 0.0
        self._study, self._project, self._uri = study, project, uri
        self._sync, self._say = sync, say
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._abandoned = threading.Event()
        self._resources = ExitStack()
        self._connection: Connection | None = None
        self._experiments: dict[str, tuple[str, set[str]]] = {}
        self._provenance: dict[str, str] = {}

    def __enter__(self) -> LiveTracking:
        if system_metrics.wanted() and not is_queued_copy(self._project):
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
        if self._thread.is_alive():
            self._abandoned.set()  # it ends after the call that it is in
            self._stop(f"runs still waiting for it: {self._queue.qsize()}")

    def log_run(self, spec: RunSpec, result: RunResult) -> None:
        """Have one finished run logged, unless tracking failed before; returns at once."""
        if self.failure or not is_tracked(spec) or is_queued_copy(self._project):
            return
        self._start()
        self._queue.put((spec, result))

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="tracking", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        try:
            with self._resources:
                if system_metrics.wanted():
                    machine = system_metrics.machine_run(self._open(), self._study)
                    self._resources.enter_context(machine)
                while (item := self._queue.get()) is not None and not self._abandoned.is_set():
                    self._log(*item)
        except BusyError:
            self._stop("another process is writing to it")
        except Exception as error:
            # A study that trains for an hour must not die of its logbook.
            self._stop(first_line(error))
        finally:
            self.cpu_s = time.thread_time()

    def _log(self, spec: RunSpec, result: RunResult) -> None:
        """Log one run, unless MLflow has it."""
        identifier, known = self._experiment(spec)
        if spec.run_key not in known:
            write(self._open(), identifier, run_record(spec, result, self._provenance))
            known.add(spec.run_key)
            self.logged += 1

    def _stop(self, reason: str) -> None:
        if self.failure:
            return
        self.failure = reason
        self._say(
            f"MLflow tracking stops here: {reason}. Nothing is lost: "
            f"`{self._sync}`, or the stage `track`, adds what is missing."
        )

    def _open(self) -> Connection:
        if self._connection is None:
            connection = connect(self._project, self._uri)
            self._resources.enter_context(exclusive(connection.lock_path, timeout=0))
            self._provenance = provenance(self._project)
            self._connection = connection
        return self._connection

    def _experiment(self, spec: RunSpec) -> tuple[str, set[str]]:
        """Return the experiment of a run and the keys it holds, read once."""
        if spec.dataset not in self._experiments:
            connection = self._open()
            tags = runs_view(self._study, spec.dataset, tuple(spec.levels))
            name = runs_experiment(self._study, spec.dataset)
            identifier = ensure_experiment(connection, name, tags)
            known = {run.key for run in held_runs(connection, identifier) if run.finished}
            self._experiments[spec.dataset] = (identifier, known)
        return self._experiments[spec.dataset]
