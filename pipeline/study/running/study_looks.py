"""Train a dataset look by look: tune its blocks, train them, judge, continue where it is open.

A further look is made only if it fits into the study's budget of training time.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean

import pandas as pd

from experiments.analysis.open_comparisons import cells_to_train
from experiments.design.plan import Choices, arms_of_cells, plan, whole_blocks
from experiments.design.tuning import choose, tuning_plan
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, known_cards
from pipeline.study.machine import workers_of
from pipeline.study.plans import Ending, OpenComparison, StudyLooks, write_looks
from pipeline.study.project import Project
from pipeline.study.running.train_missing import Training
from pipeline.study.store.run_tables import tuning_table
from pipeline.study.store.stored_runs import StoredPairs, stored_runs
from pipeline.study.store.table_file import read_table, write_table

# From the runs so far to the table of comparisons.
Judge = Callable[[StoredPairs], pd.DataFrame]


def train_looks(training: Training, judge: Judge) -> tuple[StoredPairs, pd.DataFrame]:
    """Make the looks of a dataset, each of what the last one left open; write how they ended.

    A decision follows from the runs alone: a study that was stopped anywhere, and is run again,
    makes the same looks. `judge` returns `open_comparisons` of the runs so far.

    Returns
    -------
    pairs : StoredPairs
        The evaluation runs that have ended.
    ledger : DataFrame
        The tuning ledger.
    """
    study, card = training.project.study, training.card
    counts = study.looks.get(card.name, ())
    asked = whole_blocks(study, counts[0]) if card.usable else {}
    looks = StudyLooks(counts=counts, made=0, blocks=asked)
    pairs = StoredPairs([], training.results)
    ledger = tuning_table([], {}, {}, study)
    for made in range(1, len(counts) + 1) if asked else ():
        label = f", look {made} of {len(counts)}" if len(counts) > 1 else ""
        specs, ledger = _train(training, asked, label)
        ended = [s for s in specs if s.state == "not_tuned" or s.run_key in training.results]
        pairs = StoredPairs(ended, training.results)
        # Without its data, or an arm's tuning, it is not complete, and no look.
        if len(ended) < len(specs):
            break
        table = judge(pairs)
        looks = _looks(counts, made, asked, table)
        if looks.ending != "under way":
            break
        print(f"{card.name}: {len(looks.open)} open after look {made}", file=sys.stderr)
        wanted = cells_to_train(table).get(card.name, {})
        further = {name: max(n, wanted.get(name, 0)) for name, n in asked.items()}
        if not fits(training.project, card, training.results.values(), specs, further):
            looks = looks.model_copy(update={"ending": "budget spent"})
            break
        asked = further
        # Kept at once: `status` and `plan` tell what is being trained.
        underway = looks.model_copy(update={"blocks": asked})
        write_looks(training.project, card.name, underway)
    write_looks(training.project, card.name, looks)
    # Indexed while the runs are new: the next plan reads none of them.
    stored_runs(training.project.store)
    return pairs, ledger


def _train(
    training: Training, asked: Mapping[str, int], look: str
) -> tuple[list[RunSpec], pd.DataFrame]:
    """Tune and train so many blocks of each cell; return its runs and the tuning ledger."""
    project, card = training.project, training.card
    chosen: Choices = {}
    # Rates first, then strengths at the rates that were chosen.
    for _ in range(2):
        trials = list(tuning_plan(project.study, card.name, card.content_hash, chosen, asked))
        training.train_missing([trial.spec for trial in trials], f"tune {card.name}{look}")
        chosen = choose(trials, training.results, project.study)
    known = [trial for trial in trials if trial.spec.run_key in training.results]
    ledger = tuning_table(known, training.results, chosen, project.study)
    # Kept at once: without it nobody could tell which runs a stopped study still needs.
    write_table(project.results(card.name) / "tuning.parquet", ledger)
    specs = list(plan(project.study, card.name, card.content_hash, chosen, asked))
    training.train_missing(specs, f"train {card.name}{look}")
    return specs, ledger


def _looks(
    counts: tuple[int, ...], made: int, asked: Mapping[str, int], table: pd.DataFrame
) -> StudyLooks:
    still = table[table["verdict"] == "inconclusive"].rename(columns={"verdict_reason": "reason"})
    last = made == len(counts) or not table["open"].any()
    ending: Ending = ("all looks made" if len(still) else "decided") if last else "under way"
    left = tuple(OpenComparison.model_validate(row) for row in still.to_dict("records"))
    return StudyLooks(counts=counts, made=made, blocks=asked, open=left, ending=ending)


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
