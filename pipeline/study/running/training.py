"""Train what a plan asks for and the store does not hold."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.executors.executor import executor_for, workers
from pipeline.study.executors.threads import pin_threads
from pipeline.study.project import Project
from pipeline.study.running.first_failure import FirstFailureError
from pipeline.study.running.progress import study_seconds, with_progress
from pipeline.study.store.index import stored_runs
from pipeline.study.store.lock import store_lock
from pipeline.study.store.sources import remember_sources

Observer = Callable[[RunSpec, RunResult], None]


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
    FirstFailureError
        If a run failed and `fail_fast` is set.
    """
    pin_threads()
    by_key = {spec.run_key: spec for spec in specs}
    with store_lock(project.store.root):
        results = finished(project, specs)
        remember_sources(project.store.root, specs)
        missing = [spec for key, spec in by_key.items() if key not in results]
        if not missing:
            return results
        beside = 1 if project.executor == "in-process" else min(workers(), len(missing))
        began, own, trained = time.perf_counter(), time.process_time(), []
        progress = with_progress(
            executor_for(project.executor, project.address)(missing),
            missing,
            card,
            label=label,
            study=study_seconds(project),
        )
        # Closed before an error is told: it ends the bar's line and the workers.
        with contextlib.closing(progress):
            for result in progress:
                # How many ran at a time: the wall times of more than one hold waiting.
                where = {**result.environment, "workers": str(beside)}
                result = replace(result, environment=where)
                project.store.put(result)
                results[result.run_key] = result
                trained.append(result)
                if observe is not None:
                    observe(by_key[result.run_key], result)
                if fail_fast and result.status == "failed":
                    spec = by_key[result.run_key]
                    raise FirstFailureError(
                        f"{spec.dataset} {spec.cell} replicate {spec.replicate} failed: "
                        f"{result.reason}. What has finished is stored."
                    )
        # Indexed while it is known that they are new: the next plan reads none of them.
        stored_runs(project.store)
        took, own = time.perf_counter() - began, time.process_time() - own
        print(overhead(label, trained, took, own, project), file=sys.stderr)
        for line in failure_lines(label, trained, project):
            print(line, file=sys.stderr)
    return results


def failure_lines(label: str, trained: Sequence[RunResult], project: Project) -> Iterator[str]:
    """Yield how many runs failed, the commonest reason, and what tries them again.

    DVC takes a stage for done once its table is there: a plain `dvc repro` would not.
    """
    reasons = Counter(result.reason for result in trained if result.status == "failed")
    if reasons:
        again = f"dvc repro -f -s {label.replace(' ', '@')}"
        if project.declared:
            again = f"knockout run --study {project.declared}"
        reason, count = reasons.most_common(1)[0]
        yield (
            f"{label}: {reasons.total()} runs failed; {count} of them: {reason}. "
            f"`{again}` tries them again."
        )


def overhead(
    label: str, trained: Sequence[RunResult], wall: float, own_cpu: float, project: Project
) -> str:
    """Return what the runs took, and how much longer than their CPU time on all workers.

    Two parts make up the factor: how long runs waited for a processor that something else
    used (their own wall / CPU), this process among it, and what came around them (start, storing,
    tracking).
    """
    cpu, busy = (
        sum(result.metrics.get(name, 0.0) for result in trained)
        for name in ("fit_cpu_s", "fit_wall_s")
    )
    line = f"{label}: {len(trained)} runs in {wall:.1f} s; {cpu:.1f} CPU s of training"
    processes = 1 if project.executor == "in-process" else workers()
    # In less than a second the workers' start is all that there is to see.
    if project.address or cpu < processes:
        return line
    return (
        f"{line} on {processes} workers, {own_cpu:.1f} of storing and tracking: "
        f"wall / (CPU / workers) = {wall * processes / cpu:.2f}, of which waiting for a processor "
        f"{busy / cpu:.2f}, all around the runs {wall * processes / busy:.2f}"
    )
