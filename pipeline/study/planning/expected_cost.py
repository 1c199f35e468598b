"""What training the rest of a study will take: time and disk."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.design.plan import plan, whole_blocks
from experiments.design.step_arms import has_steps
from experiments.design.tuning import tuning_plan
from experiments.errors import StudyError
from experiments.run.recipe import Recipe
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.executors.executor import workers_of
from pipeline.study.executors.machine import memory
from pipeline.study.planning.calibration import calibrate, read_costs
from pipeline.study.planning.run_cost import CostModel, cost_key, needed_bytes, passes
from pipeline.study.plans import foreseen, tuning_specs
from pipeline.study.project import Project
from pipeline.study.store.run_index import Entry
from pipeline.study.store.run_tables import HISTORY
from pipeline.study.timing.length import seconds_of
from pipeline.study.timing.step_cost_file import arms_of, is_measured

# A file takes whole blocks of the file system.
_BLOCK = 4096
# Bytes of a run's file: identity and metrics, a number of its curves, a class of a tested image.
_RECORD, _NUMBER, _ANSWER = 4000, 20, 2
# Of the machine's memory, what the parent, the system and the user's other programs are left.
_SHARE = 0.9


@dataclass(frozen=True)
class Batch:
    """Runs that are to be trained in one stage, alike but for what is tuned."""

    stage: str
    recipe: Recipe
    card: DatasetCard
    n: int
    tuned: tuple[str, ...] = ()

    def seconds(self, costs: CostModel) -> float:
        """Return what one of them takes."""
        return costs.seconds(self.recipe, self.card, self.tuned)

    def cost_key(self, workers: int) -> str:
        """Return what runs of the same cost per epoch share."""
        return cost_key(self.recipe, self.card, workers=workers, tuned=self.tuned)


def expected_seconds(batches: Sequence[Batch], costs: CostModel) -> float:
    """Return the wall seconds of all stages, their workers' start included."""
    total = 0.0
    for stage in {batch.stage for batch in batches if batch.n}:
        own = [b for b in batches if b.stage == stage and b.n]
        seconds = [b.seconds(costs) for b in own]
        runs = sum(b.n for b in own)
        busy = sum(b.n * s for b, s in zip(own, seconds, strict=True))
        # The last runs of a stage do not keep every worker busy: half a run on average.
        idle = 0.5 * max(seconds) * (1 - 1 / costs.workers)
        total += costs.start_s + busy / min(costs.workers, runs) + idle
    return total


def expected_bytes(batches: Sequence[Batch], stored: Mapping[str, Entry]) -> int:
    """Return the disk space of the runs that are to be stored.

    Judged by the stored runs of the same dataset and kind; without any, by the length of the
    learning curves and by how many images are tested on.
    """
    sizes: dict[tuple[str, bool], list[int]] = {}
    for entry in stored.values():
        if entry.status == "ok":
            kind = (entry.identity["content_hash"], "trial" in entry.identity)
            sizes.setdefault(kind, []).append(entry.size)
    total = 0.0
    for batch in batches:
        tuning = batch.stage.startswith("tune")
        classes = len(batch.card.class_names)
        tested = 0 if tuning else batch.card.n_tested * (1 + classes)
        judged = _RECORD + _NUMBER * len(HISTORY) * passes(batch.recipe) + _ANSWER * tested
        known = sizes.get((batch.card.content_hash, tuning)) or [judged]
        total += batch.n * float(np.mean([-(-size // _BLOCK) * _BLOCK for size in known]))
    return round(total)


def _grouped(stage: str, specs: Sequence[RunSpec], card: DatasetCard) -> list[Batch]:
    """Return one batch per cell or arm: its blocks differ in what is tuned alone."""
    counts = Counter(spec.cell for spec in specs)
    first = {spec.cell: spec for spec in reversed(specs)}
    return [
        Batch(stage, first[cell].recipe, card, n, tuple(first[cell].tuned))
        for cell, n in counts.items()
    ]


def to_train(project: Project, card: DatasetCard, stored: Mapping[str, Entry]) -> list[Batch]:
    """Return what one dataset still needs: its tuning, then its evaluation."""

    def missing(specs: Sequence[RunSpec]) -> list[RunSpec]:
        found = {s.run_key: s for s in specs}
        return [s for k, s in found.items() if k not in stored or stored[k].status == "failed"]

    batches = _grouped(f"tune {card.name}", missing(tuning_specs(project, card)), card)
    return batches + _grouped(f"train {card.name}", missing(foreseen(project, card)), card)


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 6000 else f"{seconds / 3600:.1f} hours"


def _volume(size: float) -> str:
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size / 1e3:.0f} kB"


def step_cost_seconds(project: Project, cards: Sequence[DatasetCard], costs: CostModel) -> float:
    """Return what stage `time` takes on the datasets whose measurement is not kept."""
    protocol = project.settings.time
    if not protocol.processes or not has_steps(project.study):
        return 0.0
    return sum(
        seconds_of(protocol, len(arms_of(project, card)[1]), start_s=costs.start_s)
        for card in cards
        if not is_measured(project, card)
    )


def check_memory(batches: Sequence[Batch], n_workers: int) -> Iterator[str]:
    """Yield which recipes need more memory than there is.

    Raises
    ------
    StudyError
        If a worker fits, but not as many as are planned.
    """
    there = _SHARE * memory()
    needs = {id(b.recipe): (needed_bytes(b.recipe, b.card), b) for b in batches}
    for need, batch in needs.values():
        if need > there:
            yield (
                f"{batch.stage}: a network with {batch.recipe.as_dict()['hidden']} hidden units "
                f"needs {_volume(need)} of memory, and this machine has {_volume(there)} to give: "
                "its runs will fail"
            )
    largest = max((need for need, _ in needs.values() if need <= there), default=0)
    if n_workers * largest > there:
        fit = int(there // largest)
        raise StudyError(
            f"{n_workers} workers must fit into memory; they need "
            f"{_volume(n_workers * largest)} of {_volume(there)}. Set KNOCKOUT_WORKERS={fit}."
        )


def expectation_lines(
    project: Project,
    cards: Sequence[DatasetCard],
    stored: Mapping[str, Entry],
    *,
    calibrated: bool,
) -> Iterator[str]:
    """Yield what training the rest will take; nothing when there is no rest.

    Raises
    ------
    StudyError
        If the workers do not fit into memory together.
    """
    batches = [b for card in cards if card.usable for b in to_train(project, card, stored)]
    if not batches:
        return
    n_workers = workers_of(project.settings.run)
    yield from check_memory(batches, n_workers)
    volume = _volume(expected_bytes(batches, stored))
    costs, how = read_costs(project.store.root, n_workers), "as calibrated before"
    if calibrated:
        fitting = [b for b in batches if needed_bytes(b.recipe, b.card) <= _SHARE * memory()]
        distinct = {b.cost_key(n_workers): b for b in fitting}
        wanted = {key: (batch.recipe, batch.card) for key, batch in distinct.items()}
        began = time.perf_counter()
        costs = calibrate(project.store.root, wanted, n_workers)
        how = f"calibrated in {time.perf_counter() - began:.1f} s"
    yield from _uncalibrated(batches, costs)
    known = [batch for batch in batches if costs.knows(batch.card)]
    if not known:
        yield f"expected: {volume} of disk; run `knockout plan` for the time"
        return
    cards_known = [card for card in cards if card.usable and costs.knows(card)]
    training = expected_seconds(known, costs)
    step_costs = step_cost_seconds(project, cards_known, costs)
    workers = "1 worker" if n_workers == 1 else f"{n_workers} workers"
    yield (
        f"expected: {_duration(training + step_costs)} on {workers} of this machine ({how}) and "
        f"{volume} of disk"
    )
    yield (
        f"  training {_duration(training)}, step costs {_duration(step_costs)}; tracking and "
        "report come on top"
    )
    yield from _further_looks(project, cards_known, costs)


def _further_looks(
    project: Project, cards: Sequence[DatasetCard], costs: CostModel
) -> Iterator[str]:
    """Yield what each dataset's looks take when all cells go on to them: the most they can."""
    study = project.study
    for card in cards:
        counts = study.looks[card.name]
        if len(counts) < 2:
            continue
        asked = whole_blocks(study, 1)
        trials = tuning_plan(study, card.name, card.content_hash, {}, asked)
        runs = plan(study, card.name, card.content_hash, {}, asked)
        block = _grouped("tune", [trial.spec for trial in trials], card)
        block += _grouped("train", list(runs), card)
        steps = []
        for n in counts:
            seconds = expected_seconds([replace(batch, n=n * batch.n) for batch in block], costs)
            steps.append(f"{n} blocks {_duration(seconds)}")
        yield f"  {card.name}, all cells up to a look: {', '.join(steps)}; open ones alone go on"


def _uncalibrated(batches: Sequence[Batch], costs: CostModel) -> Iterator[str]:
    """Yield how many recipes did not get through their calibration."""
    keys = {b.cost_key(costs.workers): b.stage for b in batches}
    failing = [stage for key, stage in keys.items() if costs.measured.get(key, costs) is None]
    for stage, n in Counter(failing).items():
        recipes = "1 recipe fails or diverges" if n == 1 else f"{n} recipes fail or diverge"
        yield f"{stage}: {recipes} at once; its runs are expected to cost like the others"
