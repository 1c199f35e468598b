"""Train what a plan asks for and the store does not hold."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, why_gone
from pipeline.study.executors.executor import Executor, workers_of
from pipeline.study.executors.threads import pin_threads
from pipeline.study.plans import finished
from pipeline.study.project import Project
from pipeline.study.running.failed_runs import FailedRunsError
from pipeline.study.running.progress import study_seconds, with_progress
from pipeline.study.store.run_index import stored_runs
from pipeline.study.store.sources import remember_sources
from pipeline.study.store.store_lock import store_lock
from pipeline.study.store.stored_results import StoredResults

Observer = Callable[[RunSpec, RunResult], None]


def train_missing(
    project: Project,
    specs: Sequence[RunSpec],
    card: DatasetCard,
    execute: Executor,
    *,
    label: str,
    observe: Observer | None = None,
    fail_fast: bool = False,
) -> StoredResults:
    """Train the runs that the store does not hold and return the results of all.

    Each result is stored the moment it arrives: whatever ends the study, nothing finished
    is trained again.

    Parameters
    ----------
    project, card
        Whose store is used, and the dataset of the runs.
    specs
        The runs in the order in which they are handed out.
    execute
        Executes what is missing.
    label
        What the progress bar says.
    observe, fail_fast
        What is told of each run as it finishes; whether the first failed run ends the study.

    Raises
    ------
    FailedRunsError
        If a run failed and `fail_fast` is set.
    """
    pin_threads()
    with store_lock(project.store.root):
        results = finished(project, specs)
        remember_sources(project.store.root, specs)
        missing = list({s.run_key: s for s in specs if s.run_key not in results}.values())
        if missing and (reason := why_gone(card)):
            print(f"{label}: {len(missing)} runs are left out: {reason}", file=sys.stderr)
        elif missing:
            # Closed before an error is told: it ends the bar's line and the workers.
            with contextlib.closing(_trained(project, missing, execute, label)) as trained:
                for spec, result in trained:
                    results.add(result.run_key)
                    if observe is not None:
                        observe(spec, result)
                    if fail_fast and result.status == "failed":
                        raise FailedRunsError(
                            f"{spec.dataset} {spec.cell} replicate {spec.replicate} failed: "
                            f"{result.reason}. What has finished is stored."
                        )
    return results


def _trained(
    project: Project, specs: Sequence[RunSpec], execute: Executor, label: str
) -> Generator[tuple[RunSpec, RunResult]]:
    """Train runs and yield each once it is stored; then say what they took, and which failed."""
    by_key = {spec.run_key: spec for spec in specs}
    beside = min(workers_of(project.settings.run), len(specs))
    began, own, tally = time.perf_counter(), time.process_time(), Tally()
    study = study_seconds(project)
    for result in with_progress(execute(specs), specs, label=label, study=study):
        # How many ran at a time: the wall times of more than one hold waiting.
        where = {**result.environment, "workers": str(beside)}
        trained = replace(result, environment=where)
        project.store.put(trained)
        tally.add(trained)
        yield by_key[result.run_key], trained
    # Indexed while it is known that they are new: the next plan reads none of them.
    stored_runs(project.store)
    took, own = time.perf_counter() - began, time.process_time() - own
    for line in (
        overhead(label, tally, took, own, project),
        *failure_lines(label, specs[0].dataset, tally, project),
    ):
        print(line, file=sys.stderr)


@dataclass
class Tally:
    """What runs took, in seconds of their processors and of the clock, and why some failed."""

    n_runs: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, result: RunResult) -> None:
        """Count one run more."""
        self.n_runs += 1
        self.cpu += result.metrics.get("fit_cpu_s", 0.0)
        self.wall += result.metrics.get("fit_wall_s", 0.0)
        if result.status == "failed":
            self.reasons[result.reason] += 1


def failure_lines(label: str, dataset: str, tally: Tally, project: Project) -> Iterator[str]:
    """Yield how many runs failed, the commonest reason, and what tries them again.

    DVC takes a stage for done once its table is there: a plain `dvc repro` would not.
    """
    if tally.reasons:
        again = f"dvc repro -f -s train@{dataset}"
        if project.declared:
            again = project.command("run")
        reason, count = tally.reasons.most_common(1)[0]
        yield (
            f"{label}: {tally.reasons.total()} runs failed; {count} of them: {reason}. "
            f"`{again}` tries them again."
        )


def overhead(label: str, tally: Tally, wall: float, own_cpu: float, project: Project) -> str:
    """Return what the runs took, and how much longer than their CPU time on all workers.

    Two parts make up the factor: how long runs waited for a processor that something else
    used (their own wall / CPU), this process among it, and what came around them (start, storing,
    tracking).
    """
    cpu = tally.cpu
    line = f"{label}: {tally.n_runs} runs in {wall:.1f} s; {cpu:.1f} CPU s of training"
    processes = workers_of(project.settings.run)
    # In less than a second the workers' start is all that there is to see.
    if project.settings.run.address or cpu < processes:
        return line
    return (
        f"{line} on {processes} workers, {own_cpu:.1f} of storing and tracking: "
        f"wall / (CPU / workers) = {wall * processes / cpu:.2f}, of which waiting for a processor "
        f"{tally.wall / cpu:.2f}, all around the runs {wall * processes / tally.wall:.2f}"
    )
