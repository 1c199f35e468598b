"""Train what a plan asks for and the store does not hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from experiments.result import RunResult
from experiments.run_spec import RunSpec
from pipeline.dataset_card import DatasetCard
from pipeline.executors.in_process import run_in_process
from pipeline.executors.processes import run_in_processes
from pipeline.executors.threads import pin_threads
from pipeline.lock import store_lock
from pipeline.plans import cards, work_done
from pipeline.progress import study_work, with_progress
from pipeline.project import Project

Observer = Callable[[RunSpec, RunResult], None]


def workers() -> int:
    """Return KNOCKOUT_WORKERS, or the number of cores."""
    return int(os.environ.get("KNOCKOUT_WORKERS", 0)) or os.cpu_count() or 1


def finished(project: Project, specs: Iterable[RunSpec]) -> dict[str, RunResult]:
    """Return the stored results of these runs; a failed run is not finished."""
    found = ((spec.run_key, project.store.get(spec.run_key)) for spec in specs)
    return {key: result for key, result in found if result and result.status != "failed"}


def train_missing(
    project: Project,
    specs: Sequence[RunSpec],
    card: DatasetCard,
    *,
    label: str,
    observe: Observer | None = None,
    fail_fast: bool = False,
) -> dict[str, RunResult]:
    """Train the runs that the store does not hold and return the results of all.

    Each result is stored the moment it arrives: whatever ends the study, nothing finished
    is trained again.

    Parameters
    ----------
    project : Project
        Its store and executor are used.
    specs : sequence of RunSpec
        In the order in which they are handed out.
    card : DatasetCard
        Their dataset.
    label : str
        What the progress bar says.
    observe : callable, optional
        Told of each run as it finishes.
    fail_fast : bool
        Whether the first failed run ends the study.

    Raises
    ------
    RuntimeError
        If a run failed and `fail_fast` is set.
    """
    pin_threads()
    by_key = {spec.run_key: spec for spec in specs}
    with store_lock(project.store.root):
        results = finished(project, specs)
        missing = [spec for key, spec in by_key.items() if key not in results]
        execute, beside = run_in_process(missing), 1
        if project.executor == "processes" and missing:
            beside = min(workers(), len(missing))
            execute = run_in_processes(missing, workers=beside)
        total = study_work(project.study, cards(project))
        progress = with_progress(
            execute, missing, card, label=label, total=total, done=work_done(project)
        )
        for result in progress:
            # How many ran at a time: the wall times of more than one hold waiting.
            where = {**result.environment, "workers": str(beside)}
            result = replace(result, environment=where)
            project.store.put(result)
            results[result.run_key] = result
            if observe is not None:
                observe(by_key[result.run_key], result)
            if fail_fast and result.status == "failed":
                raise RuntimeError(f"{by_key[result.run_key].cell} failed: {result.reason}")
    return results
