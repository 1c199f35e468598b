"""Whether a further look fits into the study's budget of training time."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from experiments.design.arms import arms_of_cells
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, known_cards
from pipeline.study.executors.executor import workers_of
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_table


def fits(
    project: Project,
    card: DatasetCard,
    trained: Iterable[RunResult],
    specs: Sequence[RunSpec],
    further: Mapping[str, int],
) -> bool:
    """Return whether the next look of a dataset fits; always where there is no budget.

    What counts is the time of the stored runs, not the clock: a study that is stopped and run
    again decides the same. Earlier datasets of the study count what they took; later ones as much
    as this one, whatever is stored of them. First looks are made whatever they take, because
    nothing less is a look.

    Parameters
    ----------
    trained, specs
        The dataset's trials and runs so far, and which are its evaluation runs.
    further
        Cell → number of blocks after the next look.
    """
    budget = project.study.budget
    if budget is None:
        return True
    seconds = {r.run_key: float(r.metrics.get("fit_wall_s", 0.0)) for r in trained}
    runs = [seconds[spec.run_key] for spec in specs if spec.run_key in seconds]
    own, evaluated = sum(seconds.values()), Counter(spec.cell for spec in specs)
    trials = (own - sum(runs)) / max(1, len(seconds) - len(runs))
    before = {cell: evaluated[cell] for cell in further}
    n_runs = sum(further.values()) - sum(before.values())
    n_trials = _trials(project, card, further) - _trials(project, card, before)
    next_s = n_runs * fmean(runs or [0.0]) + n_trials * trials
    others = [c.name for c in known_cards(project) if c.usable and c.name != card.name]
    elsewhere = sum(_elsewhere(project, card, name, own) for name in others)
    expected = (own + next_s + elsewhere) / workers_of(project.settings.run)
    if expected > budget:
        print(
            f"{card.name}: no further look fits into the budget of {budget / 60:.3g} minutes; with "
            f"it training would take {expected / 60:.2g}",
            file=sys.stderr,
        )
    return expected <= budget


def _trials(project: Project, card: DatasetCard, blocks: Mapping[str, int]) -> int:
    arms = arms_of_cells(project.study, card.name, blocks)
    return project.study.tune.trials * sum(n for _, n in arms)


def _elsewhere(project: Project, card: DatasetCard, other: str, like: float) -> float:
    """Return the worker seconds of another dataset: an earlier one's tables', or this one's."""
    order, folder = project.study.datasets, project.results(other)
    tables = [folder / "tuning.parquet", folder / "runs.parquet"]
    is_later = order.index(other) > order.index(card.name)
    if is_later or not all(path.exists() for path in tables):
        return like
    return sum(float(read_table(path, ["fit_wall_s"])["fit_wall_s"].sum()) for path in tables)
