"""What a project plans to run, from its cards and ledgers."""

from __future__ import annotations

import pandas as pd

from experiments.plan import plan
from experiments.run_spec import RunSpec
from experiments.tuning import tuning_plan
from pipeline.dataset_card import DatasetCard, read_card
from pipeline.progress import work
from pipeline.project import Project


def learning_rates(project: Project, dataset: str) -> dict[str, float]:
    """Return each arm's tuned learning rate from the ledger."""
    ledger = pd.read_parquet(project.results(dataset) / "tuning.parquet")
    # Of a study with a given learning rate the ledger is empty, and its columns have no type.
    chosen = ledger[ledger["chosen"].astype(bool)].drop_duplicates("arm")
    return dict(zip(chosen["arm"], chosen["learning_rate"].astype(float), strict=True))


def planned(project: Project, dataset: str) -> list[RunSpec]:
    """Return the evaluation runs of a dataset; none when it is not usable."""
    card = read_card(project.results(dataset) / "dataset.json")
    if not card.usable:
        return []
    rates = learning_rates(project, dataset)
    return list(plan(project.study, dataset, card.content_hash, rates))


def cards(project: Project) -> list[DatasetCard]:
    """Return the cards of the study's datasets that have been drawn up."""
    paths = [project.results(name) / "dataset.json" for name in project.study.datasets]
    return [read_card(path) for path in paths if path.exists()]


def work_done(project: Project) -> float:
    """Return the work of all planned runs that the store holds."""
    done = 0.0
    for card in cards(project):
        if not card.usable:
            continue
        specs = [t.spec for t in tuning_plan(project.study, card.name, card.content_hash)]
        if (project.results(card.name) / "tuning.parquet").exists():
            specs += planned(project, card.name)
        done += sum(work(spec.recipe, card) for spec in specs if spec.run_key in project.store)
    return done
