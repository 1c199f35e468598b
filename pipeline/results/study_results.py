"""Everything that tables, figures and the report read: one study's stored results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from experiments.design.study import Study
from pipeline.results.text.measure import Measure
from pipeline.results.text.titles import dataset_title
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.store.run_tables import ENVIRONMENT

# What `tables.analyse` computes, by name.
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class StudyResults:
    """The results of one study, as its stages left them.

    Cards and numbers of planned runs are by dataset, in the study's order. The tables are those of
    all datasets, one under the other, with the columns of `empty_tables` whether or not there are
    rows.
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

    @cached_property
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
