"""The stored tables of a study, as its stages wrote them: one schema each, the writer's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from experiments.analysis.step_cost import COLUMNS as STEP_COST
from experiments.design.study import Study
from experiments.errors import StudyError
from pipeline.study.store.run_tables import ENVIRONMENT, history_table, runs_table, tuning_table
from pipeline.study.store.stored_answers import ANSWERS, predictions_table
from pipeline.study.store.table_file import read_table
from pipeline.study.timing.step_cost_file import TEXT as STEP_COST_TEXT
from pipeline.study.timing.step_cost_file import read_step_costs

_TEXT = {
    *("run_key", "dataset", "cell", "arm", "status", "reason", "parameters_sha256", "tuned"),
    *ENVIRONMENT,
    *STEP_COST_TEXT,
}
_BYTES = set(ANSWERS) - {"run_key", "n_classes"}


def empty_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Return every stored table without rows; its columns are the table's schema."""
    text = _TEXT | {factor.name for factor in study.factors}

    def dtype(column: str) -> str:
        return "str" if column in text else "object" if column in _BYTES else "float64"

    tables = {
        "runs": runs_table([], study),
        "history": history_table([]),
        "tuning": tuning_table([], {}, {}, study),
        "predictions": predictions_table([]),
        "step_cost": pd.DataFrame(columns=["dataset", *STEP_COST]),
    }
    return {
        name: table.astype({column: dtype(column) for column in table.columns})
        for name, table in tables.items()
    }


def read_tables(root: Path, datasets: Iterable[str], study: Study) -> dict[str, pd.DataFrame]:
    """Read the tables of all datasets, one under the other, as `empty_tables` names them.

    A dataset without a file has no rows; a file that lacks a column of its schema is an error.
    """
    names, tables = list(datasets), empty_tables(study)
    for table, empty in tables.items():
        parts = [_read(root / name, table, empty) for name in names]
        filled = [part for part in parts if len(part)]
        tables[table] = pd.concat(filled, ignore_index=True) if filled else empty
    return tables


def _read(folder: Path, table: str, empty: pd.DataFrame) -> pd.DataFrame:
    path = folder / ("step_cost.csv" if table == "step_cost" else f"{table}.parquet")
    if not path.exists():
        return empty
    if table == "step_cost":
        frame = read_step_costs(path).assign(dataset=folder.name)
    else:
        frame = read_table(path)
    lacking = [name for name in empty.columns if name not in frame]
    if lacking:
        stage = "time" if table == "step_cost" else "train"
        raise StudyError(
            f"{path} must have the columns of this version and study; it lacks "
            f"{', '.join(lacking)}. Run `dvc repro {stage}@{folder.name}`."
        )
    return frame[list(empty.columns)]
