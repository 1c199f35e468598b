"""What every executor is, and which one a project asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.executors.machine import workers
from pipeline.study.executors.task import attempt
from pipeline.study.settings import RunSettings

# Executes runs and yields each result as it finishes, in whatever order. Every run given comes back
# exactly once: what goes wrong with it (an exception, a dead worker on both attempts) is a result
# with status "failed" and its reason, and only what goes wrong with the executor itself is raised.
# Closing the iterator ends the workers that are still at work; one that ran to its end may be
# followed by another.
Executor = Callable[[Sequence[RunSpec]], Iterator[RunResult]]


def run_in_process(specs: Sequence[RunSpec]) -> Iterator[RunResult]:
    """Execute runs one after the other in this process."""
    return map(attempt, specs)


def workers_of(run: RunSettings) -> int:
    """Return how many runs are executed at a time on this machine."""
    return 1 if run.executor == "in-process" else workers()


@contextmanager
def executor_for(run: RunSettings) -> Iterator[Executor]:
    """Open the executor that section `run` of params.yaml names; its workers end with it."""
    if run.executor == "dask":
        from pipeline.study.executors.dask_cluster import run_on_dask

        yield partial(run_on_dask, address=run.address, workers=workers())
    elif run.executor == "in-process":
        yield run_in_process
    else:
        from pipeline.study.executors.processes import ProcessPool

        with closing(ProcessPool(workers())) as pool:
            yield pool
