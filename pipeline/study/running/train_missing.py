"""Train what a plan asks for and the store does not hold."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, why_gone
from pipeline.study.executors.executor import Executor
from pipeline.study.machine import pin_threads, workers_of
from pipeline.study.planning.staleness import remember_sources
from pipeline.study.plans import finished
from pipeline.study.project import Project
from pipeline.study.running.failed_runs import FailedRunsError
from pipeline.study.running.progress import Expectation, with_progress
from pipeline.study.store.stored_runs import StoredResults

Observer = Callable[[RunSpec, RunResult], None]


@dataclass
class Training:
    """The training of one dataset: with what it is trained, and what came of it so far.

    `observe` is told of each evaluation run as it finishes; `fail_fast` says whether the first
    failed run ends the study.
    """

    project: Project
    card: DatasetCard
    execute: Executor
    observe: Observer | None = None
    fail_fast: bool = False

    @cached_property
    def results(self) -> StoredResults:
        """The results so far, by run key."""
        return StoredResults(self.project.store)

    @cached_property
    def _expected(self) -> Expectation:
        """What the study is expected to take, known from the first step on."""
        return Expectation(self.project, self.card)

    def train_missing(self, specs: Iterable[RunSpec], label: str) -> None:
        """Train those of the runs that are ready and that the store does not hold.

        Each result is stored the moment it arrives: whatever ends the study, nothing finished is
        trained again.

        Raises
        ------
        FailedRunsError
            If a run failed and `fail_fast` is set.
        """
        new = {s.run_key: s for s in specs if s.state == "ready" and s.run_key not in self.results}
        pin_threads()
        store = self.project.store
        with store.lock():
            for run_key in finished(self.project, new.values()):
                self.results.add(run_key)
            remember_sources(store.root, new.values())
            missing = [spec for key, spec in new.items() if key not in self.results]
            if missing and (reason := why_gone(self.card)):
                print(f"{label}: {len(missing)} runs are left out: {reason}", file=sys.stderr)
            elif missing:
                self._train(missing, label)

    def _train(self, specs: Sequence[RunSpec], label: str) -> None:
        """Train runs, store each as it comes; then say what they took, and which failed."""
        by_key = {spec.run_key: spec for spec in specs}
        began, own, tally = time.perf_counter(), time.process_time(), Tally()
        # How many ran at a time: the wall times of more than one hold waiting.
        beside = {"workers": str(min(workers_of(self.project.settings.run), len(specs)))}
        results = with_progress(self._expected, self.execute(specs), specs, label)
        # Closed before an error is told: it ends the bar's line and the workers.
        with contextlib.closing(results):
            for result in results:
                trained = replace(result, environment={**result.environment, **beside})
                self.project.store.put(trained)
                tally.add(trained)
                self._take(by_key[trained.run_key], trained)
        took, own = time.perf_counter() - began, time.process_time() - own
        for line in (
            overhead(label, tally, took, own, self.project),
            *failure_lines(label, specs[0].dataset, tally, self.project),
        ):
            print(line, file=sys.stderr)

    def _take(self, spec: RunSpec, result: RunResult) -> None:
        self.results.add(result.run_key)
        if self.observe is not None and not spec.trial:
            self.observe(spec, result)
        if self.fail_fast and result.status == "failed":
            raise FailedRunsError(
                f"{spec.dataset} {spec.cell} replicate {spec.replicate} failed: {result.reason}. "
                "What has finished is stored."
            )


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
