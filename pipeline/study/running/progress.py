"""How far the whole study is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import known_cards
from pipeline.study.executors.executor import workers_of
from pipeline.study.planning.calibration import calibrate_here
from pipeline.study.planning.run_cost import CostModel
from pipeline.study.plans import planned_stages, unfinished
from pipeline.study.project import Project
from pipeline.study.running.later_stages import later_seconds
from pipeline.study.running.study_bar import StudyBar

# What is expected counts as much as so many seconds of what is observed.
_TRUST_S = 30.0


@dataclass(frozen=True)
class StudySeconds:
    """Expected worker seconds of all runs and of the stored ones; wall seconds of what comes then.

    They rest on `costs`.
    """

    costs: CostModel
    total: float
    done: float
    later: float


def study_seconds(project: Project) -> StudySeconds:
    """Return the expected seconds of tuning, every cell, the placebo arm, and what comes then."""
    cards = [card for card in known_cards(project) if card.usable]
    planned = {card.name: planned_stages(project, card) for card in cards}
    firsts = [stages["evaluation"][0] for stages in planned.values()]
    costs = calibrate_here(project.store.root, firsts, workers_of(project.settings.run))
    total = done = 0.0
    costliest, n_runs = {}, 0
    for name, stages in planned.items():
        for stage, planned_specs in stages.items():
            specs = unfinished(planned_specs, {})
            seconds = costs.seconds(specs)
            total += sum(seconds)
            done += sum(compress(seconds, (spec.run_key in project.store for spec in specs)))
            if stage == "evaluation":
                costliest[name], n_runs = max(seconds, default=0.0), n_runs + len(specs)
    later = sum(later_seconds(project, costliest, n_runs).values())
    return StudySeconds(costs, total, done, later)


def remaining_seconds(left: float, finished: float, elapsed: float, costs: CostModel) -> float:
    """Return how long the rest will take.

    Parameters
    ----------
    left, finished : float
        Expected worker seconds of the runs to come, and of those that this stage finished.
    elapsed : float
        Wall seconds since this stage asked for workers.
    costs : CostModel
        What the expectation rests on.

    Notes
    -----
    The expectation is corrected by how this stage really goes, the more the longer it goes:
    the workers' start and the first run, when nothing is finished yet, distort nothing.
    """
    expected = finished / costs.workers
    observed = max(elapsed - costs.start_s, 0.0)
    slower = (_TRUST_S + observed) / (_TRUST_S + expected) if finished else 1.0
    return slower * left / costs.workers


def with_progress(
    results: Iterable[RunResult],
    specs: Sequence[RunSpec],
    *,
    label: str,
    study: StudySeconds,
) -> Generator[RunResult]:
    """Pass results through and show a bar over the whole study with its remaining time."""
    keys, workers = [spec.run_key for spec in specs], study.costs.workers
    share = dict(zip(keys, study.costs.seconds(specs), strict=True))
    total, finished = max(study.total, study.done + sum(share.values())), 0.0
    began = time.monotonic()
    with StudyBar(label, total=total / workers + study.later, done=study.done / workers) as bar:
        for number, result in enumerate(results, start=1):
            finished += share[result.run_key]
            elapsed, rest = time.monotonic() - began, total - study.done - finished
            left = remaining_seconds(rest, finished, elapsed, study.costs) + study.later
            bar.advance(share[result.run_key] / workers, left, f", run {number}/{len(specs)}")
            yield result
