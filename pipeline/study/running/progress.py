"""How far the whole study is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, known_cards
from pipeline.study.executors.executor import workers_of
from pipeline.study.planning.calibration import calibrate_here
from pipeline.study.planning.run_cost import CostModel
from pipeline.study.plans import foreseen, tuning_specs
from pipeline.study.project import Project
from pipeline.study.running.later_stages import later_seconds
from pipeline.study.running.study_bar import StudyBar

# What is expected counts as much as so many seconds of what is observed.
_TRUST_S = 30.0


@dataclass(frozen=True)
class StudySeconds:
    """Expected seconds of a study.

    Attributes
    ----------
    costs : CostModel
        What the expectation rests on.
    total, done : float
        Worker seconds of all runs, and of those that the store holds.
    later : float
        Wall seconds of the stages after training.
    """

    costs: CostModel
    total: float
    done: float
    later: float


def price(specs: Iterable[RunSpec], card: DatasetCard, costs: CostModel) -> dict[str, float]:
    """Return the expected seconds of each run by its key."""
    # The blocks of a cell differ in what is tuned alone.
    known: dict[tuple[str, bool], float] = {}
    prices = {}
    for spec in specs:
        alike = (spec.cell, spec.trial)
        if alike not in known:
            known[alike] = costs.seconds(spec.recipe, card, spec.tuned)
        prices[spec.run_key] = known[alike]
    return prices


def study_seconds(project: Project) -> StudySeconds:
    """Return the expected seconds of tuning, every cell, the placebo arm, and what comes then."""
    study, usable = project.study, [card for card in known_cards(project) if card.usable]
    baselines = [(study.recipe(card.name, study.baseline), card) for card in usable]
    costs = calibrate_here(project.store.root, baselines, workers_of(project.settings.run))
    total = done = 0.0
    costliest, n_runs = {}, 0
    for card in usable:
        evaluated = price(foreseen(project, card), card, costs)
        prices = price(tuning_specs(project, card), card, costs) | evaluated
        total += sum(prices.values())
        done += sum(seconds for key, seconds in prices.items() if key in project.store)
        costliest[card.name], n_runs = max(evaluated.values(), default=0.0), n_runs + len(evaluated)
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
    card: DatasetCard,
    *,
    label: str,
    study: StudySeconds,
) -> Generator[RunResult]:
    """Pass results through and show a bar over the whole study with its remaining time."""
    share, workers = price(specs, card, study.costs), study.costs.workers
    total, finished = max(study.total, study.done + sum(share.values())), 0.0
    began = time.monotonic()
    with StudyBar(label, total=total / workers + study.later, done=study.done / workers) as bar:
        for number, result in enumerate(results, start=1):
            finished += share[result.run_key]
            elapsed, rest = time.monotonic() - began, total - study.done - finished
            left = remaining_seconds(rest, finished, elapsed, study.costs) + study.later
            bar.advance(share[result.run_key] / workers, left, f", run {number}/{len(specs)}")
            yield result
