"""Everything that tables, figures and the report read: one study's stored results.

The stored tables are those that the stages wrote: one schema each, the writer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from experiments.analysis.step_cost import COLUMNS as STEP_COST
from experiments.design.study import Study
from experiments.errors import StudyError
from pipeline.results.scored_runs import scored
from pipeline.results.text.measure import Measure
from pipeline.results.text.titles import dataset_title
from pipeline.study.dataset_card import DatasetCard, read_card
from pipeline.study.store.run_tables import (
    ANSWERS,
    ENVIRONMENT,
    history_table,
    predictions_table,
    runs_table,
    tuning_table,
)
from pipeline.study.store.table_file import read_table
from pipeline.study.timing.step_cost_file import TEXT as STEP_COST_TEXT
from pipeline.study.timing.step_cost_file import read_step_costs

_TEXT = {
    *("run_key", "dataset", "cell", "arm", "status", "reason", "parameters_sha256", "tuned"),
    *ENVIRONMENT,
    *STEP_COST_TEXT,
}
_BYTES = set(ANSWERS) - {"run_key", "n_classes"}
# What `tables.analyse` computes, by name.
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class StudyResults:
    """The results of one study, as its stages left them.

    Cards and numbers of planned runs are by dataset, in the study's order. The tables are those of
    all datasets, one under the other, with the columns of `empty_tables` whether or not
    there are rows.
    """

    study: Study
    cards: Mapping[str, DatasetCard]
    planned: Mapping[str, int]
    runs: pd.DataFrame
    history: pd.DataFrame
    tuning: pd.DataFrame
    predictions: pd.DataFrame
    step_cost: pd.DataFrame

    @property
    def measure(self) -> Measure:
        """The primary response as it is shown."""
        return Measure(self.study.response, self.study.measure)

    @property
    def secondary(self) -> list[Measure]:
        """The secondary responses as they are shown."""
        return [Measure(name, self.study.responses[name]) for name in self.study.secondary]

    @property
    def unavailable(self) -> list[DatasetCard]:
        """The cards of the datasets that are unavailable."""
        return [card for card in self.cards.values() if not card.available]

    @property
    def measured(self) -> list[str]:
        """The datasets that have at least one finished run, in the study's order."""
        ok = set(self.runs.loc[self.runs["status"] == "ok", "dataset"])
        return [name for name in self.cards if name in ok]

    @property
    def environment(self) -> dict[str, str]:
        """What the runs were made on; several machines are named beside each other."""
        return {
            name: ", ".join(sorted(known))
            for name in ENVIRONMENT
            if (known := set(self.runs[name].dropna()) - {""})
        }

    @property
    def shared_cores(self) -> dict[str, bool]:
        """Whether some runs of a dataset shared the machine, so that wall times hold waiting."""
        ok = self.runs[self.runs["status"] == "ok"]
        shared = ok.groupby("dataset")["shared_cores"].max()
        return {name: bool(shared[name]) for name in self.measured}

    @property
    def level(self) -> str:
        """What intervals cover, in words: with K looks each of them covers 1 − α/K."""
        looked = any(len(counts) > 1 for counts in self.study.looks.values())
        return f"{100 * (1 - self.study.alpha):g} %{' (at all looks together)' * looked}"

    @property
    def margins(self) -> str:
        """The equivalence margin of each dataset in words."""
        margins = {name: self.study.margin(name) for name in self.study.datasets}
        step = self.measure.step
        return ", ".join(f"{dataset_title(name)} ±{x:g}{step}" for name, x in margins.items())

    def cells_of(self, dataset: str) -> pd.DataFrame:
        """Return the runs of one dataset's cells, the placebo arm left out."""
        return self.runs[(self.runs["dataset"] == dataset) & (self.runs["arm"] == "cell")]


def load_results(root: Path, study: Study, planned: Mapping[str, int]) -> StudyResults:
    """Read what a study's stages left under `root`, in one folder per dataset.

    A dataset without files counts as not available yet; `planned` holds runs per dataset.

    Raises
    ------
    StudyError
        If a stored table lacks a column of its schema, or a response cannot judge the runs.
    """
    cards = {name: _card(root / name / "dataset.json", name) for name in study.datasets}
    tables = empty_tables(study)
    for table, empty in tables.items():
        parts = [_read(root / name, table, empty) for name in study.datasets]
        filled = [part for part in parts if len(part)]
        tables[table] = pd.concat(filled, ignore_index=True) if filled else empty
    tables["runs"] = scored(tables["runs"], tables["predictions"], study.responses)
    return StudyResults(study, cards, planned, **tables)


def _card(path: Path, name: str) -> DatasetCard:
    if path.exists():
        return read_card(path)
    return DatasetCard(
        name,
        in_study=True,
        available=False,
        reasons=("no results are stored for it yet",),
        remedy="Run `dvc repro`.",
    )


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
