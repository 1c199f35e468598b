"""How far the whole study is, and how long it will take."""

from __future__ import annotations

import sys
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

# What is expected counts as much as so many seconds of what is observed.
_TRUST_S = 30.0


@dataclass(frozen=True)
class StudySeconds:
    """Expected worker seconds of the whole study, and of what the store holds of it."""

    costs: CostModel
    total: float
    done: float


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
    """Return the expected seconds of tuning, every cell and the placebo arm."""
    study, usable = project.study, [card for card in known_cards(project) if card.usable]
    baselines = [(study.recipe(card.name, study.baseline), card) for card in usable]
    costs = calibrate_here(project.store.root, baselines, workers_of(project.settings.run))
    total = done = 0.0
    for card in usable:
        specs = tuning_specs(project, card) + foreseen(project, card)
        prices = price(specs, card, costs)
        total += sum(prices.values())
        done += sum(seconds for key, seconds in prices.items() if key in project.store)
    return StudySeconds(costs, total, done)


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


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def with_progress(
    results: Iterable[RunResult],
    specs: Sequence[RunSpec],
    card: DatasetCard,
    *,
    label: str,
    study: StudySeconds,
) -> Generator[RunResult]:
    """Pass results through and show a bar over the whole study with its remaining time."""
    from tqdm import tqdm

    share = price(specs, card, study.costs)
    total, finished = max(study.total, study.done + sum(share.values())), 0.0
    bar = tqdm(
        total=total,
        initial=study.done,
        desc=label,
        bar_format="{desc} {percentage:3.0f}% of the study |{bar}|{postfix}",
        file=sys.stderr,
        mininterval=1,
    )
    began = time.monotonic()
    with bar:
        for number, result in enumerate(results, start=1):
            bar.update(share[result.run_key])
            finished += share[result.run_key]
            left = remaining_seconds(
                total - study.done - finished, finished, time.monotonic() - began, study.costs
            )
            bar.set_postfix_str(f"{_clock(left)} left, run {number}/{len(specs)}", refresh=False)
            yield result
