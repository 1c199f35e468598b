"""What a project plans to run, from its cards and ledgers."""

from __future__ import annotations

import pandas as pd

from experiments.plan import plan, study_cells
from experiments.recipe import Recipe
from experiments.run_spec import RunSpec
from experiments.tuning import tuning_plan
from pipeline.dataset_card import DatasetCard, read_card
from pipeline.project import Project


def learning_rates(project: Project, dataset: str) -> dict[str, float]:
    """Return each arm's tuned learning rate from the ledger."""
    ledger = pd.read_parquet(project.results(dataset) / "tuning.parquet")
    # The ledger of a study without tuning is empty, and its columns have no type.
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


def tuning_specs(project: Project, card: DatasetCard) -> list[RunSpec]:
    """Return the tuning runs of a dataset; none when it is not usable."""
    if not card.usable:
        return []
    return [t.spec for t in tuning_plan(project.study, card.name, card.content_hash)]


def tuned(project: Project, dataset: str) -> bool:
    """Return whether the learning rates of a dataset are chosen."""
    return (project.results(dataset) / "tuning.parquet").exists()


def evaluation_recipes(project: Project, dataset: str) -> list[Recipe]:
    """Return the recipe of each arm, without its learning rate: known before tuning."""
    study = project.study
    return [study.recipe(dataset, levels) for levels in [*study_cells(study), study.baseline]]
