"""What a project plans to run, from its cards and ledgers."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.design.plan import plan
from experiments.design.tuning import tuning_plan
from experiments.errors import StudyError
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, read_card, why_gone
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_table


def learning_rates(project: Project, dataset: str) -> dict[str, float]:
    """Return each arm's tuned learning rate from the ledger; none when there is no ledger."""
    path = project.results(dataset) / "tuning.parquet"
    if not path.exists():
        return {}
    ledger = read_table(path)
    # The ledger of a study without tuning is empty, and its columns have no type.
    chosen = ledger[ledger["chosen"].astype(bool)].drop_duplicates("arm")
    return dict(zip(chosen["arm"], chosen["learning_rate"].astype(float), strict=True))


def foreseen(project: Project, card: DatasetCard) -> list[RunSpec]:
    """Return the evaluation runs of a dataset as far as they are known; none when not usable.

    The runs of an arm that the ledger does not know (not tuned yet, or new in params.yaml) have
    no learning rate.
    """
    if not card.usable:
        return []
    rates = learning_rates(project, card.name)
    return list(plan(project.study, card.name, card.content_hash, rates))


def planned(project: Project, dataset: str) -> list[RunSpec]:
    """Return the evaluation runs of a dataset; none when it is not usable.

    Without its images an arm cannot be tuned: its runs are left out.

    Raises
    ------
    StudyError
        If an arm has no learning rate, and could have one.
    """
    card = read_card(project.results(dataset) / "dataset.json")
    specs = foreseen(project, card)
    untuned = next((spec for spec in specs if spec.recipe.waits_for_tuning), None)
    if untuned is not None and not why_gone(card):
        tuned = str(untuned.recipe.tuned).replace("_", " ")
        raise StudyError(
            f"{dataset} must be tuned for today's plan; cell {untuned.cell} has no {tuned}. "
            f"Run `knockout stage tune {dataset}`."
        )
    return [spec for spec in specs if not spec.recipe.waits_for_tuning]


def tuning_specs(project: Project, card: DatasetCard) -> list[RunSpec]:
    """Return the tuning runs of a dataset; none when it is not usable."""
    if not card.usable:
        return []
    return [t.spec for t in tuning_plan(project.study, card.name, card.content_hash)]


def finished(project: Project, specs: Iterable[RunSpec]) -> dict[str, RunResult]:
    """Return the stored results of these runs; a failed run is not finished."""
    found = ((spec.run_key, project.store.get(spec.run_key)) for spec in specs)
    return {key: result for key, result in found if result and result.status != "failed"}
