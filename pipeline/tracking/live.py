"""Show runs in MLflow as they finish, without ever holding up or breaking the study."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from experiments.result import RunResult
from experiments.run_spec import RunSpec
from pipeline.tracking.connection import Connection, connect
from pipeline.tracking.experiment import ensure_experiment
from pipeline.tracking.index import held_runs
from pipeline.tracking.layout import is_tracked, run_record, runs_experiment
from pipeline.tracking.lock import BusyError, exclusive
from pipeline.tracking.provenance import provenance
from pipeline.tracking.study_sync import first_line
from pipeline.tracking.view import runs_view
from pipeline.tracking.writer import write


class LiveTracking:
    """Log finished runs from the process that trains them; used as a context.

    After the first failure it says so in one line and stays silent: the run store has
    everything and the sync at the end of the stage completes the mirror.

    Parameters
    ----------
    study : str
        The study's name.
    project : Path
        The project's root folder.
    uri : str, optional
        Address; default as in `connect`.
    say : callable
        Takes the one line.
    """

    def __init__(
        self,
        study: str,
        project: Path,
        *,
        uri: str | None = None,
        say: Callable[[str], object] = print,
    ) -> None:
        self.failure = ""
        self.logged = 0
        self._study, self._project, self._uri, self._say = study, project, uri, say
        self._resources = ExitStack()
        self._connection: Connection | None = None
        self._experiments: dict[str, tuple[str, set[str]]] = {}
        self._provenance: dict[str, str] = {}

    def __enter__(self) -> LiveTracking:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._resources.close()

    def log_run(self, spec: RunSpec, result: RunResult) -> None:
        """Log one finished run, unless MLflow has it or tracking failed before."""
        if self.failure or not is_tracked(spec):
            return
        try:
            identifier, known = self._experiment(spec)
            if spec.run_key not in known:
                record = run_record(spec, result, self._provenance)
                write(self._open(), identifier, record)
                known.add(spec.run_key)
                self.logged += 1
        except BusyError:
            self._stop("another process is writing to it")
        except Exception as error:
            # A study that trains for an hour must not die of its logbook.
            self._stop(first_line(error))

    def _stop(self, reason: str) -> None:
        self.failure = reason
        self._resources.close()
        self._say(
            f"MLflow tracking is off for now: {reason}. Nothing is lost: `knockout sync` adds it."
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
