"""What training the rest of a study will take: time, memory and disk."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from experiments.design.plan import plan, whole_blocks
from experiments.design.tuning import tuning_plan
from experiments.errors import StudyError
from experiments.network.network_recipe import NetworkRecipe
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.machine import workers_of
from pipeline.study.planning.calibration import calibrate, read_costs
from pipeline.study.planning.run_cost import (
    CostModel,
    cost_key,
    needed_bytes,
    passes,
    spare_bytes,
    timing_seconds,
)
from pipeline.study.plans import unfinished
from pipeline.study.project import Project
from pipeline.study.store.run_tables import HISTORY
from pipeline.study.store.stored_runs import Entry
from pipeline.study.timing.step_cost_file import is_measured

# A file takes whole blocks of the file system.
_BLOCK = 4096
# Bytes of a run's file: identity and metrics, a number of its curves, a class of a tested image.
_RECORD, _NUMBER, _ANSWER = 4000, 20, 2


# A dataset, and the runs of its stages.
Planned = tuple[DatasetCard, Mapping[str, Sequence[RunSpec]]]


@dataclass(frozen=True)
class Rest:
    """What one stage of a dataset still has to train, at least one run."""

    stage: str
    card: DatasetCard
    specs: Sequence[RunSpec]

    @property
    def kinds(self) -> list[RunSpec]:
        """One run of each cell or arm: its blocks differ in what is tuned alone."""
        return list({spec.cell: spec for spec in reversed(self.specs)}.values())


def _rests(planned: Sequence[Planned], stored: Mapping[str, Entry]) -> list[Rest]:
    """Return what each dataset still needs: its tuning, then its evaluation."""
    found = [
        Rest(f"{verb} {card.name}", card, unfinished(stages[stage], stored))
        for card, stages in planned
        for stage, verb in (("tuning", "tune"), ("evaluation", "train"))
    ]
    return [rest for rest in found if rest.specs]


def stage_seconds(runs: Sequence[float], costs: CostModel) -> float:
    """Return the wall seconds of one stage from those of its runs, its workers' start included."""
    # The last runs of a stage do not keep every worker busy: half a run on average.
    idle = 0.5 * max(runs) * (1 - 1 / costs.workers)
    return costs.start_s + sum(runs) / min(costs.workers, len(runs)) + idle


def expected_bytes(rest: Rest, stored: Mapping[str, Entry]) -> float:
    """Return the disk space of the runs that are to be stored.

    Judged by the stored runs of the same dataset and kind; without any, by the length of the
    learning curves and by how many images are tested on.
    """
    card, tuning = rest.card, rest.stage.startswith("tune")
    sizes = [
        entry.size
        for entry in stored.values()
        if entry.status == "ok"
        and entry.identity["content_hash"] == card.content_hash
        and ("trial" in entry.identity) == tuning
    ]
    tested = 0 if tuning else card.n_tested * (1 + len(card.class_names))
    fixed, number = _RECORD + _ANSWER * tested, _NUMBER * len(HISTORY)
    sizes = sizes or [fixed + number * passes(spec.recipe) for spec in rest.specs]
    return len(rest.specs) * fmean(-(-size // _BLOCK) * _BLOCK for size in sizes)


def check_memory(rests: Sequence[Rest], n_workers: int) -> Iterator[str]:
    """Yield which recipes need more memory than there is.

    Raises
    ------
    StudyError
        If a worker fits, but not as many as are planned.
    """
    there, largest, lines = spare_bytes(), 0, []
    for rest in rests:
        for spec in rest.kinds:
            need, recipe = needed_bytes(spec.recipe, rest.card), spec.recipe
            if need <= there:
                largest = max(largest, need)
                continue
            what = "a training with its data"
            if isinstance(recipe, NetworkRecipe):
                what = f"a network with {list(recipe.hidden)} hidden units"
            lines.append(
                f"{rest.stage}: {what} needs {_volume(need)} of memory, and this machine has "
                f"{_volume(there)} to give: its runs will fail"
            )
    # Cells of one shape need the same.
    yield from dict.fromkeys(lines)
    if n_workers * largest > there:
        raise StudyError(
            f"{n_workers} workers must fit into memory; they need {_volume(n_workers * largest)} "
            f"of {_volume(there)}. Set KNOCKOUT_WORKERS={int(there // largest)}."
        )


def _volume(size: float) -> str:
    if size < 1e6:
        return f"{size / 1e3:.0f} kB"
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:{'.2g' if seconds < 10 else '.0f'}} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 6000 else f"{seconds / 3600:.1f} hours"


def expectation_lines(
    project: Project,
    planned: Sequence[Planned],
    stored: Mapping[str, Entry],
    *,
    calibrated: bool,
) -> Iterator[str]:
    """Yield what training the rest will take, and what does not fit; nothing without a rest."""
    rests = _rests(planned, stored)
    if not rests:
        return
    n_workers = workers_of(project.settings.run)
    yield from check_memory(rests, n_workers)
    disk = _volume(sum(expected_bytes(rest, stored) for rest in rests))
    costs, how = read_costs(project.store.root, n_workers), "as calibrated before"
    if calibrated:
        began = time.perf_counter()
        spare, kinds = spare_bytes(), [(spec, r.card) for r in rests for spec in r.kinds]
        fitting = (spec for spec, card in kinds if needed_bytes(spec.recipe, card) <= spare)
        costs = calibrate(project.store.root, fitting, n_workers)
        how = f"calibrated in {time.perf_counter() - began:.1f} s"
    yield from _uncalibrated(rests, costs)
    known = [rest for rest in rests if costs.typical(rest.card.content_hash)]
    if not known:
        unknown = "no recipe could be timed" if calibrated else "run `knockout plan` for the time"
        yield f"expected: {disk} of disk; {unknown}"
        return
    cards = [card for card, _ in planned if card.usable and costs.typical(card.content_hash)]
    training = sum(stage_seconds(costs.seconds(rest.specs), costs) for rest in known)
    untimed = [card for card in cards if not is_measured(project, card)]
    step_costs = sum(timing_seconds(project, untimed, costs.start_s).values())
    workers = "1 worker" if n_workers == 1 else f"{n_workers} workers"
    yield (
        f"expected: {_duration(training + step_costs)} on {workers} of this machine ({how}) and "
        f"{disk} of disk"
    )
    yield (
        f"  training {_duration(training)}, step costs {_duration(step_costs)}; tracking and "
        "report come on top"
    )
    for card in cards:
        yield from _looks(project, card, costs)


def _looks(project: Project, card: DatasetCard, costs: CostModel) -> Iterator[str]:
    """Yield what a dataset's looks take when all cells continue to them: the most they can."""
    study, counts = project.study, project.study.looks[card.name]
    if len(counts) < 2:
        return
    known, one = (study, card.name, card.content_hash), whole_blocks(study, 1)
    trials = [trial.spec for trial in tuning_plan(*known, {}, one)]
    stages = [costs.seconds(s) for s in (trials, list(plan(*known, {}, one))) if s]
    steps = [
        f"{n} blocks {_duration(sum(stage_seconds(n * runs, costs) for runs in stages))}"
        for n in counts
    ]
    yield f"  {card.name}, all cells up to a look: {', '.join(steps)}; open ones alone continue"


def _uncalibrated(rests: Sequence[Rest], costs: CostModel) -> Iterator[str]:
    """Yield how many recipes did not get through their calibration."""
    stages = {cost_key(s, costs.workers): rest.stage for rest in rests for s in rest.kinds}
    measured = {key: cost for own in costs.measured.values() for key, cost in own.items()}
    failing = (stage for key, stage in stages.items() if measured.get(key, costs) is None)
    for stage, n in Counter(failing).items():
        recipes = "1 recipe fails or diverges" if n == 1 else f"{n} recipes fail or diverge"
        yield f"{stage}: {recipes} at once; its runs are expected to cost like the others"
