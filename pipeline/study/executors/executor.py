"""What every executor is, and which one a project asks for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol

from experiments.errors import StudyError
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec


class Executor(Protocol):
    """Execute runs and yield each result as it finishes, in whatever order.

    Every run given comes back exactly once. What goes wrong with a run (an exception, a
    dead worker on both attempts) comes back as a result with status "failed" and its
    reason; only what goes wrong with the executor itself is raised. Closing the iterator
    ends the workers that it started.
    """

    def __call__(self, specs: Sequence[RunSpec]) -> Iterator[RunResult]: ...


def workers() -> int:
    """Return KNOCKOUT_WORKERS, or the number of cores.

    Raises
    ------
    StudyError
        If KNOCKOUT_WORKERS is no positive whole number.
    """
    named = os.environ.get("KNOCKOUT_WORKERS", "")
    if not named:
        return os.cpu_count() or 1
    if not named.isdecimal() or not int(named):
        raise StudyError(f"KNOCKOUT_WORKERS must be a whole number from 1; got {named!r}.")
    return int(named)


def executor_for(name: str, address: str = "") -> Executor:
    """Return the executor that `run.executor` names.

    Parameters
    ----------
    name : {"processes", "in-process", "dask"}
        The kind.
    address : str
        Of a Dask scheduler; empty for one that this process starts.
    """
    if name == "dask":
        from pipeline.study.executors.dask_cluster import run_on_dask

        return partial(run_on_dask, address=address, workers=workers())
    if name == "in-process":
        from pipeline.study.executors.in_process import run_in_process

        return run_in_process
    from pipeline.study.executors.processes import run_in_processes

    return partial(run_in_processes, workers=workers())
