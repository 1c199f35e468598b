"""Execute runs on a Dask cluster: one that is named by its address, or one of this machine."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import uuid4

from experiments.errors import StudyError
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.executors.task import attempt_on_dask, failed, refusal
from pipeline.study.machine import pin_threads

# A run whose worker died is tried once more, as local processes do.
_RETRIES = 1
_CONNECT_S = 10
_GONE = "the Dask scheduler went away; what has finished is stored. Start it and run again."


def _allow_failures(number: int, dask_scheduler: Any = None) -> int:
    """Set how many workers a task may outlive and return what it was; runs on the scheduler."""
    before = int(dask_scheduler.allowed_failures)
    dask_scheduler.allowed_failures = number
    return before


def connect(address: str, *, workers: int) -> Any:
    """Return a client of the scheduler at `address`, or of a new cluster on this machine.

    Without an address, Dask's own setting counts (DASK_SCHEDULER_ADDRESS).

    Raises
    ------
    StudyError
        If `distributed` is not installed, or nothing answers at the address.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise StudyError(
            "`run.executor` dask needs the package distributed, which is not installed. "
            "Install it: pip install 'knockout[dask]'."
        ) from None
    # What went away is said by this module, in one line.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    address = address or dask.config.get("scheduler-address", None) or ""
    if not address:
        pin_threads()
        cluster = LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, memory_limit=0
        )
        return Client(cluster)
    try:
        return Client(address, timeout=_CONNECT_S)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise StudyError(
            f"`run.address` must name a Dask scheduler that answers; got {address}: {reason}. "
            "Start one: dask scheduler."
        ) from None


@contextlib.contextmanager
def _client(address: str, workers: int) -> Iterator[Any]:
    client = connect(address, workers=workers)
    cluster, before = client.cluster, None
    try:
        before = _prepared(client)
        yield client
    except OSError:
        raise StudyError(_GONE) from None
    finally:
        # One that went away is not waited for.
        if before is not None and client.status == "running":
            with contextlib.suppress(Exception):
                client.run_on_scheduler(_allow_failures, before)
        with contextlib.suppress(Exception):
            client.close(timeout=5)
        if cluster is not None:
            cluster.close(timeout=5)


def _prepared(client: Any) -> int:
    """Let a task outlive as many workers as it is retried; return how many the scheduler did.

    Raises
    ------
    StudyError
        If the scheduler does not know this package: it reads every run before a worker does.
    """
    try:
        return int(client.run_on_scheduler(_allow_failures, _RETRIES))
    except ImportError as error:
        raise StudyError(
            f"the Dask scheduler {client.scheduler.address} must have the source of the plan; "
            f"{type(error).__name__}: {error}. Start it in the same environment."
        ) from None


def _admit(client: Any, addresses: Iterable[str], specs: Sequence[RunSpec]) -> set[str]:
    """Ask workers for their source and return those that answered; one is lost now and then.

    Raises
    ------
    StudyError
        If one has another source than the plan: it would soon have failed all runs, as it is idle.
    """
    kinds = list({spec.source_digest: spec for spec in specs}.values())
    # A worker of another version may not know what it is asked, which is an answer, too.
    answers = client.run(refusal, kinds, workers=list(addresses), on_error="return")
    lost = {address for address, answer in answers.items() if isinstance(answer, OSError)}
    for address in sorted(answers.keys() - lost):
        if answer := answers[address]:
            why = answer if isinstance(answer, str) else f"{type(answer).__name__}: {answer}"
            raise StudyError(
                f"the Dask worker {address} must have the source of the plan; {why}. "
                "What has finished is stored."
            )
    return answers.keys() - lost


def _outcome(future: Any, spec: RunSpec) -> RunResult:
    """Return what became of a run; it is an error of the study when the scheduler is gone."""
    from distributed import CancelledError, KilledWorker

    try:
        # An error of the run itself is returned; what is raised is one of the connection.
        error = future.exception()
        if error is None:
            result: RunResult = future.result()
            return result
    except (CancelledError, OSError):
        raise StudyError(_GONE) from None
    if isinstance(error, CancelledError):
        raise StudyError(_GONE)
    if isinstance(error, KilledWorker):
        last = error.last_worker.address
        return failed(spec, f"its Dask worker died {error.allowed_failures + 1} times, last {last}")
    return failed(spec, f"{type(error).__name__}: {error}")


def run_on_dask(specs: Sequence[RunSpec], *, address: str, workers: int) -> Iterator[RunResult]:
    """Yield results as they finish, from a Dask cluster.

    Runs are handed out in order, one to a worker at a time: Dask blames a worker's death on all
    tasks that it held. A run whose worker died on both attempts has status "failed".

    Parameters
    ----------
    specs : sequence of RunSpec
        The runs.
    address : str
        Of the scheduler, such as tcp://10.0.0.5:8786; empty for a cluster on this machine.
    workers : int
        Processes of a cluster on this machine; a cluster with an address has its own.

    Raises
    ------
    StudyError
        If the scheduler cannot be reached or goes away, or a worker has another source.
    """
    if not specs:
        return
    with _client(address, workers) as client:
        from distributed import as_completed

        waiting = iter(specs)
        held: dict[str, RunSpec] = {}
        admitted: set[str] = set()
        finished = as_completed()

        def top_up() -> None:
            # Workers come and go; a run in flight with no worker waits for the first to come.
            there = client.nthreads().keys()
            if new := there - admitted:
                admitted.update(_admit(client, new, specs))
            for _ in range(max(1, len(there)) - len(held)):
                spec = next(waiting, None)
                if spec is None:
                    return
                key = f"knockout-{spec.run_key}-{uuid4().hex[:8]}"
                future = client.submit(attempt_on_dask, spec, key=key, pure=False)
                held[future.key] = spec
                finished.add(future)

        if not client.nthreads():
            print(f"no worker at {address} yet; waiting for one", file=sys.stderr)
        top_up()
        while held:
            future = next(finished)
            spec = held.pop(future.key)
            result = _outcome(future, spec)
            future.release()
            try:
                top_up()
            except (OSError, StudyError):
                # What has finished is kept. A run may have failed on a worker that came when there
                # was none, and is only now known to have another source.
                if result.status != "failed":
                    yield result
                raise
            yield result
