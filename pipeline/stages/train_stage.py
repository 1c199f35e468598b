"""Stage `train`: the looks of one dataset, tuning and training, and the tables of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd

from experiments import analysis
from experiments.design.study import Study
from pipeline.results.scored_runs import scored
from pipeline.stages.stored_stage import write_seal
from pipeline.study.dataset_card import read_card
from pipeline.study.executors.executor import executor_for
from pipeline.study.project import Project
from pipeline.study.running.study_looks import train_looks
from pipeline.study.running.train_missing import Observer, Training
from pipeline.study.store.run_tables import history_table, predictions_table, runs_table
from pipeline.study.store.stored_runs import StoredPairs
from pipeline.study.store.table_file import write_table

# Runs whose predictions are held at once.
_PART = 256


def run(
    project: Project, dataset: str, *, observe: Observer | None = None, fail_fast: bool = False
) -> None:
    """Train what is not stored; write ledger, looks, runs, history, predictions, and their seal."""
    folder = project.results(dataset)
    card = read_card(folder / "dataset.json")
    with executor_for(project.settings.run) as execute:
        training = Training(project, card, execute, observe=observe, fail_fast=fail_fast)
        pairs, ledger = train_looks(training, partial(_judge, project.study))
    write_table(folder / "tuning.parquet", ledger)
    write_run_tables(folder, pairs, project.study)
    write_seal(folder / "runs.json", folder.glob("*.parquet"), folder)


def write_run_tables(folder: Path, pairs: StoredPairs, study: Study) -> None:
    """Write runs, history and predictions; the last, by far the largest, part by part."""
    write_table(folder / "runs.parquet", runs_table(pairs, study))
    write_table(folder / "history.parquet", history_table(pairs))
    tested = (predictions_table(part) for part in pairs.parts(_PART))
    write_table(folder / "predictions.parquet", tested)


def _judge(study: Study, pairs: StoredPairs) -> pd.DataFrame:
    """Return the comparisons of the runs so far, by the study's own response."""
    runs = runs_table(pairs, study)
    if study.response not in runs:
        runs = scored(runs, predictions_table(pairs), {study.response: study.measure})
    return analysis.open_comparisons(runs, study)
