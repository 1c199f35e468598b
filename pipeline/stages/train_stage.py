"""Stage `train`: every run of one dataset, and the tables of them."""

from __future__ import annotations

from pipeline import atomic
from pipeline.stages.seal import sha256_of, write_seal
from pipeline.study.dataset_card import read_card
from pipeline.study.plans import planned
from pipeline.study.project import Project
from pipeline.study.running.train_missing import Observer, train_missing
from pipeline.study.store.run_tables import history_table, runs_table
from pipeline.study.store.stored_answers import predictions_table


def run(
    project: Project, dataset: str, *, observe: Observer | None = None, fail_fast: bool = False
) -> None:
    """Train every run that is not stored; write runs, history, predictions, and their seal."""
    folder = project.results(dataset)
    card = read_card(folder / "dataset.json")
    specs = planned(project, dataset)
    results = train_missing(
        project, specs, card, label=f"train {dataset}", observe=observe, fail_fast=fail_fast
    )
    pairs = [(spec, results[spec.run_key]) for spec in specs if spec.run_key in results]
    runs = runs_table(pairs, project.study.factors)
    atomic.write_with(folder / "runs.parquet", runs.to_parquet)
    atomic.write_with(folder / "history.parquet", history_table(pairs).to_parquet)
    atomic.write_with(folder / "predictions.parquet", predictions_table(pairs).to_parquet)
    write_seal(folder / "runs.json", sha256_of(folder.glob("*.parquet"), folder))
