"""Everything that tables, figures and the report read: one study's stored results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.design.factors import Factor

if TYPE_CHECKING:
    from experiments.design.study import Study

PARTS = ("runs", "history", "tuning", "predictions")


@dataclass(frozen=True)
class StudyResults:
    """The results of one study, as its stages left them.

    Parameters
    ----------
    name, question : str
        What the study is called and what it asks.
    factors : tuple of Factor
        What was varied; the baseline has every factor at its null level.
    datasets : mapping of str to mapping
        Dataset name to the content of its `dataset.json`, in the study's order.
    runs, history, tuning, predictions, step_cost : DataFrame
        The stored tables of all datasets, one under the other; empty when there are none.
    margins : mapping of str to float
        Equivalence margin per dataset, in percentage points.
    primary : str
        The response named before the study ran, a column of `runs`.
    seed : int
        The study's seed.
    protocol : mapping
        `design`, `replicates`, `tune` (`per`, `trials`, `decades`, `replicates`), `recipe`
        (dataset to the settings that every cell shares) and `targets` (dataset to the validation
        accuracy that time to target counts to, where the study names one).
    alpha : float
        Significance level; intervals cover 1 − alpha.
    environment : mapping of str to str
        Versions and machine.
    planned : mapping of str to int
        Runs planned per dataset; empty when the plan is not known.
    """

    name: str
    question: str
    factors: tuple[Factor, ...]
    datasets: Mapping[str, Mapping[str, Any]]
    runs: pd.DataFrame
    history: pd.DataFrame
    tuning: pd.DataFrame
    predictions: pd.DataFrame
    step_cost: pd.DataFrame
    margins: Mapping[str, float]
    primary: str
    seed: int
    protocol: Mapping[str, Any]
    alpha: float
    environment: Mapping[str, str]
    planned: Mapping[str, int] = field(default_factory=dict)

    @property
    def baseline(self) -> dict[str, str]:
        """The null level of every factor."""
        return {factor.name: factor.null for factor in self.factors}

    @property
    def unavailable(self) -> dict[str, Mapping[str, Any]]:
        """The cards of the datasets that could not be had."""
        return {k: card for k, card in self.datasets.items() if not card.get("available", True)}

    def cells_of(self, dataset: str) -> pd.DataFrame:
        """Return the runs of one dataset's cells, the placebo arm left out."""
        if self.runs.empty:
            return self.runs
        return self.runs[(self.runs["dataset"] == dataset) & (self.runs["arm"] == "cell")]

    @property
    def measured(self) -> list[str]:
        """The datasets that have at least one finished run, in the study's order."""
        if self.runs.empty:
            return []
        ok = set(self.runs.loc[self.runs["status"] == "ok", "dataset"])
        return [name for name in self.datasets if name in ok]


def load_results(
    root: Path,
    study: Study,
    *,
    environment: Mapping[str, str] | None = None,
    planned: Mapping[str, int] | None = None,
) -> StudyResults:
    """Read what a study's stages left under `root`.

    Parameters
    ----------
    root : Path
        The results folder, holding one folder per dataset.
    study : Study
        What was asked, and how.
    environment : mapping, optional
        Versions and machine; default: `environment` in the datasets' cards.
    planned : mapping, optional
        Runs planned per dataset.

    Returns
    -------
    StudyResults
        A dataset without files counts as not available yet.
    """
    tables: dict[str, list[pd.DataFrame]] = {part: [] for part in (*PARTS, "step_cost")}
    cards = {}
    for dataset in study.datasets:
        folder = root / dataset
        cards[dataset] = _card(folder, dataset)
        for part in PARTS:
            if (folder / f"{part}.parquet").exists():
                tables[part].append(pd.read_parquet(folder / f"{part}.parquet"))
        if (folder / "step_cost.csv").exists():
            costs = pd.read_csv(folder / "step_cost.csv", dtype={"component": str, "level": str})
            tables["step_cost"].append(costs.assign(dataset=dataset))
    stacked = {part: _stack(frames) for part, frames in tables.items()}
    known = next((dict(c["environment"]) for c in cards.values() if c.get("environment")), {})
    return StudyResults(
        name=study.name,
        question=study.question,
        factors=study.factors,
        datasets=cards,
        margins={dataset: study.margin(dataset) for dataset in study.datasets},
        primary=study.response,
        seed=study.seed,
        protocol=_protocol(study),
        alpha=study.alpha,
        environment=known if environment is None else environment,
        planned=planned or {},
        **stacked,
    )


def _protocol(study: Study) -> dict[str, Any]:
    return {
        "design": study.design,
        "replicates": study.replicates,
        "tune": study.tune.model_dump(),
        "recipe": {name: recipe.as_dict() for name, recipe in study.recipes.items()},
        "targets": dict(study.target),
    }


def _card(folder: Path, dataset: str) -> dict[str, Any]:
    path = folder / "dataset.json"
    if path.exists():
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return card
    return {
        "name": dataset,
        "available": False,
        "reasons": ["no results are stored for it yet"],
        "remedy": "Run `dvc repro`.",
    }


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
