"""Stage `train`: every run of one dataset, and the tables of them."""

from __future__ import annotations

import pandas as pd

from experiments.plan import plan
from experiments.run_spec import RunSpec
from pipeline import atomic
from pipeline.dataset_card import read_card
from pipeline.project import Project
from pipeline.run_table import history_table, predictions_table, runs_table
from pipeline.training import Observer, train_missing


def learning_rates(project: Project, dataset: str) -> dict[str, float]:
    """Return each arm's tuned learning rate from the ledger."""
    ledger = pd.read_parquet(project.results(dataset) / "tuning.parquet")
    chosen = ledger[ledger["chosen"]].drop_duplicates("arm")
    return dict(zip(chosen["arm"], chosen["learning_rate"].astype(float), strict=True))


def planned(project: Project, dataset: str) -> list[RunSpec]:
    """Return the evaluation runs of a dataset; none when it is not usable."""
    card = read_card(project.results(dataset) / "dataset.json")
    if not card.usable:
        return []
    rates = learning_rates(project, dataset)
    return list(plan(project.study, dataset, card.content_hash, rates))


def run(
    project: Project, dataset: str, *, observe: Observer | None = None, fail_fast: bool = False
) -> None:
    """Train every run that is not stored; write runs, history and predictions."""
    folder = project.results(dataset)
    card = read_card(folder / "dataset.json")
    specs = planned(project, dataset)
    results = train_missing(
        project, specs, card, label=f"train {dataset}", observe=observe, fail_fast=fail_fast
    )
    pairs = [(spec, results[spec.run_key]) for spec in specs]
    runs = runs_table(pairs, project.study.factors)
    atomic.write_with(folder / "runs.parquet", runs.to_parquet)
    atomic.write_with(folder / "history.parquet", history_table(pairs).to_parquet)
    atomic.write_with(folder / "predictions.parquet", predictions_table(pairs).to_parquet)
