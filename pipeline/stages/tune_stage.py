"""Stage `tune`: the ledger of learning rates of one dataset."""

from __future__ import annotations

from experiments.design.tuning import choose, tuning_plan
from pipeline.study.dataset_card import read_card
from pipeline.study.project import Project
from pipeline.study.running.train_missing import train_missing
from pipeline.study.store.run_tables import tuning_table
from pipeline.study.store.table_file import write_table


def run(project: Project, dataset: str, *, fail_fast: bool = False) -> None:
    """Train every trial that is not stored and write results/<dataset>/tuning.parquet."""
    card = read_card(project.results(dataset) / "dataset.json")
    trials = []
    if card.usable:
        trials = list(tuning_plan(project.study, dataset, card.content_hash))
    specs = [trial.spec for trial in trials]
    results = train_missing(project, specs, card, label=f"tune {dataset}", fail_fast=fail_fast)
    trials = [trial for trial in trials if trial.spec.run_key in results]
    ledger = tuning_table(trials, results, choose(trials, results))
    write_table(project.results(dataset) / "tuning.parquet", ledger)
