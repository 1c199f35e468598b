"""Train a dataset look by look: tune its blocks, train them, judge, go on where it is open."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from experiments.analysis.open_comparisons import cells_to_train
from experiments.design.plan import plan, whole_blocks
from experiments.design.tuning import Choices, Trial, choose, tuning_plan
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.executors.executor import Executor
from pipeline.study.looks_file import Ending, OpenComparison, StudyLooks, write_looks
from pipeline.study.project import Project
from pipeline.study.running.budget import fits
from pipeline.study.running.train_missing import Observer, train_missing
from pipeline.study.store.run_tables import tuning_table
from pipeline.study.store.stored_results import StoredPairs, StoredResults
from pipeline.study.store.table_file import write_table

# From the runs so far to the table of comparisons.
Judge = Callable[[StoredPairs], pd.DataFrame]


@dataclass
class Training:
    """The training of one dataset: what is asked for, and what there is of it.

    `observe` is told of each evaluation run as it finishes; `fail_fast` says whether the first
    failed run ends the study.
    """

    project: Project
    card: DatasetCard
    execute: Executor
    observe: Observer | None = None
    fail_fast: bool = False
    trials: list[Trial] = field(default_factory=list)
    specs: list[RunSpec] = field(default_factory=list)
    results: StoredResults = field(init=False)

    def __post_init__(self) -> None:
        self.results = StoredResults(self.project.store)

    @property
    def pairs(self) -> StoredPairs:
        """The evaluation runs that have ended."""
        results = self.results
        ended = [s for s in self.specs if s.state == "not_tuned" or s.run_key in results]
        return StoredPairs(ended, results)

    @property
    def is_complete(self) -> bool:
        """Whether every run asked for has ended, however it did."""
        return bool(self.specs) and len(self.pairs.specs) == len(self.specs)

    def ledger(self) -> pd.DataFrame:
        """Return the tuning ledger."""
        known = [trial for trial in self.trials if trial.spec.run_key in self.results]
        study = self.project.study
        chosen = choose(known, self.results, study)
        return tuning_table(known, self.results, chosen, study)

    def train(self, asked: Mapping[str, int], look: str) -> None:
        """Tune and train so many blocks of each cell; what is stored is not trained again."""
        study, name, content_hash = self.project.study, self.card.name, self.card.content_hash
        chosen: Choices = {}
        # Rates first, then strengths at the rates that were chosen.
        for _ in range(2):
            self.trials = list(tuning_plan(study, name, content_hash, chosen, asked))
            ready = [trial.spec for trial in self.trials if trial.spec.state == "ready"]
            self._run(ready, f"tune {name}{look}", None)
            chosen = choose(self.trials, self.results, study)
        # Kept at once: without it nobody could tell which runs a stopped study still needs.
        write_table(self.project.results(name) / "tuning.parquet", self.ledger())
        self.specs = list(plan(study, name, content_hash, chosen, asked))
        ready = [spec for spec in self.specs if spec.state == "ready"]
        self._run(ready, f"train {name}{look}", self.observe)

    def _run(self, specs: list[RunSpec], label: str, observe: Observer | None) -> None:
        new = [spec for spec in specs if spec.run_key not in self.results]
        ended = train_missing(
            *(self.project, new, self.card, self.execute),
            label=label,
            observe=observe,
            fail_fast=self.fail_fast,
        )
        for run_key in ended:
            self.results.add(run_key)


def train_looks(training: Training, judge: Judge) -> StudyLooks:
    """Make the looks of a dataset, each of what the last one left open; return how they ended.

    A decision follows from the runs alone: a study that was stopped anywhere, and is run again,
    makes the same looks. `judge` returns `open_comparisons` of the runs so far.
    """
    project, card = training.project, training.card
    counts = project.study.looks.get(card.name, ())
    asked = whole_blocks(project.study, counts[0]) if card.usable else {}
    looks = StudyLooks(counts=counts, made=0, blocks=asked)
    for made in range(1, len(counts) + 1) if asked else ():
        training.train(asked, f", look {made} of {len(counts)}" if len(counts) > 1 else "")
        if not training.is_complete:
            break
        table = judge(training.pairs)
        wanted = cells_to_train(table).get(card.name, {})
        further = {name: max(n, wanted.get(name, 0)) for name, n in asked.items()}
        looks = _looks(counts, made, asked, table)
        if looks.ending != "under way":
            break
        print(f"{card.name}: {len(looks.open)} open after look {made}", file=sys.stderr)
        if not fits(project, card, training.results.values(), training.specs, further):
            looks = looks.model_copy(update={"ending": "budget spent"})
            break
        asked = further
        # Kept at once: `status` and `plan` tell what is being trained.
        write_looks(project, card.name, looks.model_copy(update={"blocks": asked}))
    write_looks(project, card.name, looks)
    return looks


def _looks(
    counts: tuple[int, ...], made: int, asked: Mapping[str, int], table: pd.DataFrame
) -> StudyLooks:
    still = table[table["verdict"] == "inconclusive"].rename(columns={"verdict_reason": "reason"})
    last = made == len(counts) or not table["open"].any()
    ending: Ending = ("all looks made" if len(still) else "decided") if last else "under way"
    left = [OpenComparison.model_validate(row) for row in still.to_dict("records")]
    return StudyLooks(counts=counts, made=made, blocks=asked, open=tuple(left), ending=ending)
