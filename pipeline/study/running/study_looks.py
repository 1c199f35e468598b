"""Train a dataset look by look: tune its blocks, train them, judge, go on where it is open."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

import pandas as pd

from experiments.analysis.open_comparisons import cells_to_train
from experiments.design.plan import plan, whole_blocks
from experiments.design.tuning import Choices, choose, tuning_plan
from experiments.run.run_spec import RunSpec
from pipeline.study.looks_file import Ending, OpenComparison, StudyLooks, write_looks
from pipeline.study.running.budget import fits
from pipeline.study.running.train_missing import Training
from pipeline.study.store.run_tables import tuning_table
from pipeline.study.store.stored_results import StoredPairs
from pipeline.study.store.table_file import write_table

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
    kept = choose(known, training.results, project.study)
    ledger = tuning_table(known, training.results, kept, project.study)
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
