"""Stage `train`: every run of one dataset, and the tables of them."""

from __future__ import annotations

from pipeline.stages.seal import sha256_of, write_seal
from pipeline.study.dataset_card import read_card
from pipeline.study.plans import planned
from pipeline.study.project import Project
from pipeline.study.running.train_missing import Observer, train_missing
from pipeline.study.store.run_tables import history_table, predictions_table, runs_table
from pipeline.study.store.table_file import write_table


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
    write_table(folder / "runs.parquet", runs)
    write_table(folder / "history.parquet", history_table(pairs))
    write_table(folder / "predictions.parquet", predictions_table(pairs))
    write_seal(folder / "runs.json", sha256_of(folder.glob("*.parquet"), folder))
