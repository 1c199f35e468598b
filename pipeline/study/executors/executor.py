"""Executors: which one a project asks for, and those of this machine.

Local worker processes are the usual one; a worker that dies takes one run with it at most.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.executors.task import attempt, failed
from pipeline.study.machine import pin_threads, workers_of
from pipeline.study.settings import RunSettings

# Executes runs and yields each result as it finishes, in whatever order. Every run given comes back
# exactly once: what goes wrong with it (an exception, a dead worker on both attempts) is a result
# with status "failed" and its reason, and only what goes wrong with the executor itself is raised.
# Closing the iterator ends the workers that are still at work; one that ran to its end may be
# followed by another.
Executor = Callable[[Sequence[RunSpec]], Iterator[RunResult]]
# A run whose worker died is tried once more: memory may have been short for a moment.
ATTEMPTS = 2


def _end_with_parent(parent: int) -> None:
    """End this worker soon after its parent: a killed study must not train on in the dark."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes that never hear Ctrl-C, from their first instruction on."""
    # Ctrl-C goes to the whole process group, and the parent decides what to do about it. A blocked
    # signal is inherited; the parent gets one that comes meanwhile right afterwards. The tracker,
    # started within, would unblock the signal again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection, parent: int) -> None:
    """Execute runs as they come, until stopped."""
    threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()
    pin_threads()
    while True:
        connection.send(attempt(connection.recv()))


class _Worker:
    """A process, this side of the pipe to it, and the run that it is at, on which attempt."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, there = context.Pipe()
        self._process = context.Process(target=_work, args=(there, os.getpid()), daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        there.close()
        self.task: tuple[RunSpec, int] | None = None

    def give(self, spec: RunSpec, tries: int) -> None:
        """Hand over a run; a worker that just died is noticed when its answer is awaited."""
        self.task = spec, tries
        with contextlib.suppress(OSError):
            self.connection.send(spec)

    def take(self) -> RunResult | None:
        """Return the answer, or None when the worker died instead."""
        try:
            result: RunResult = self.connection.recv()
        except (EOFError, OSError):
            return None
        self.task = None
        return result

    def exit_reason(self) -> str:
        self._process.join(5)
        code = self._process.exitcode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return f"its worker process ended by {how}, {ATTEMPTS} times"

    def stop(self) -> None:
        self._process.terminate()
        self._process.join(5)
        self.connection.close()


class ProcessPool:
    """Spawned processes that stay for one batch of runs after another.

    There are `most` of them, each with one BLAS thread; they start when there is work.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._workers: list[_Worker] = []

    def __call__(self, specs: Sequence[RunSpec]) -> Iterator[RunResult]:
        """Yield results as they finish, the runs handed out in order.

        Status "failed" when a run's worker died on every attempt. Closed before its end, it ends
        the workers that are still at work.
        """
        waiting, pool = deque((spec, 1) for spec in specs), self._workers
        pool += [_Worker() for _ in range(min(self._most, len(waiting)) - len(pool))]
        try:
            for worker in pool[: len(waiting)]:
                worker.give(*waiting.popleft())
            while busy := {w.connection: w for w in pool if w.task}:
                for ready in wait(list(busy)):
                    worker = busy[ready]  # type: ignore[index]
                    assert worker.task is not None
                    (spec, tries), result = worker.task, worker.take()
                    if result is None:
                        reason = worker.exit_reason()
                        worker.stop()
                        pool[pool.index(worker)] = worker = _Worker()
                        if tries < ATTEMPTS:
                            waiting.appendleft((spec, tries + 1))
                        else:
                            result = failed(spec, reason)
                    if waiting:
                        worker.give(*waiting.popleft())
                    if result is not None:
                        yield result
        finally:
            for worker in [worker for worker in pool if worker.task]:
                worker.stop()
                pool.remove(worker)

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()


def run_in_process(specs: Sequence[RunSpec]) -> Iterator[RunResult]:
    """Execute runs one after the other in this process."""
    return map(attempt, specs)


@contextlib.contextmanager
def executor_for(run: RunSettings) -> Iterator[Executor]:
    """Open the executor that section `run` of params.yaml names; its workers end with it."""
    if run.executor == "dask":
        from pipeline.study.executors.dask_cluster import run_on_dask

        yield partial(run_on_dask, address=run.address, workers=workers_of(run))
    elif run.executor == "in-process":
        yield run_in_process
    else:
        with contextlib.closing(ProcessPool(workers_of(run))) as pool:
            yield pool
