"""What a project plans to run, from its cards, ledgers and looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from experiments.design.arms import arms_of_cells, named_cells
from experiments.design.plan import plan, whole_blocks
from experiments.design.tuning import Choices, tuning_plan
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, read_card
from pipeline.study.looks_file import read_looks
from pipeline.study.project import Project
from pipeline.study.store.table_file import read_table


def choices(project: Project, dataset: str) -> Choices:
    """Return each arm's tuned values in each block from the ledger; none without a ledger."""
    path = project.results(dataset) / "tuning.parquet"
    if not path.exists():
        return {}
    ledger = read_table(path)
    found: dict[tuple[str, int], Mapping[str, float] | None] = {}
    every = whole_blocks(project.study, 1)
    for arm, _ in arms_of_cells(project.study, dataset, every):
        if not set(arm.usual) <= set(ledger):
            continue
        for row in ledger[ledger["arm"] == arm.label].to_dict("records"):
            place = (arm.label, int(row["replicate"]))
            found.setdefault(place, None)
            if row["chosen"]:
                found[place] = {name: row[name] for name in arm.usual}
    return found


def blocks(project: Project, dataset: str) -> dict[str, int]:
    """Return in how many blocks each cell is run: as the looks made so far ask, or the first."""
    counts = project.study.looks[dataset]
    known = read_looks(project, dataset)
    asked = known.blocks if known else {}
    return {name: asked.get(name, counts[0]) for name in named_cells(project.study)}


def foreseen(project: Project, card: DatasetCard) -> list[RunSpec]:
    """Return the evaluation runs of a dataset as far as they are known; none when not usable.

    The runs of an arm that the ledger does not know (not tuned yet, or new in params.yaml) wait
    for their tuning.
    """
    if not card.usable:
        return []
    asked = blocks(project, card.name)
    chosen = choices(project, card.name)
    return list(plan(project.study, card.name, card.content_hash, chosen, asked))


def planned(project: Project, dataset: str) -> list[RunSpec]:
    """Return the runs that the dataset's run table holds, as today's plan describes them."""
    card = read_card(project.results(dataset) / "dataset.json")
    table = read_table(project.results(dataset) / "runs.parquet", columns=["run_key"])
    held = set(table["run_key"])
    return [spec for spec in foreseen(project, card) if spec.run_key in held]


def tuning_specs(project: Project, card: DatasetCard) -> list[RunSpec]:
    """Return the trials of a dataset as far as they are known; none when it is not usable."""
    if not card.usable:
        return []
    asked = blocks(project, card.name)
    chosen = choices(project, card.name)
    found = tuning_plan(project.study, card.name, card.content_hash, chosen, asked)
    return [trial.spec for trial in found]


def finished(project: Project, specs: Iterable[RunSpec]) -> dict[str, RunResult]:
    """Return the stored results of these runs; a failed run is not finished."""
    found = ((spec.run_key, project.store.get(spec.run_key)) for spec in specs)
    return {key: result for key, result in found if result and result.status != "failed"}
