"""What a project plans to run, from its cards, ledgers and looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from experiments.design.arms import arms_of_cells, named_cells
from experiments.design.plan import plan, whole_blocks
from experiments.design.study import Study
from experiments.design.tuning import Choices, tuning_plan
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, read_card
from pipeline.study.looks_file import read_looks
from pipeline.study.project import Project
from pipeline.study.store.run_index import Entry
from pipeline.study.store.stored_results import StoredResults
from pipeline.study.store.table_file import read_rows


def choices(project: Project, dataset: str) -> Choices:
    """Return each arm's tuned values in each block from the ledger; none without a ledger."""
    path = project.results(dataset) / "tuning.parquet"
    if not path.exists():
        return {}
    rows_of: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(path):
        rows_of.setdefault(row["arm"], []).append(row)
    found: dict[tuple[str, int], Mapping[str, float] | None] = {}
    for arm, _ in arms_of_cells(project.study, dataset, whole_blocks(project.study, 1)):
        usual = arm.usual
        for row in rows_of.get(arm.label, ()):
            # Not so where a field is tuned that was not when the ledger was written.
            if set(usual) <= set(row):
                place = (arm.label, int(row["replicate"]))
                found.setdefault(place, None)
                if row["chosen"]:
                    found[place] = {name: row[name] for name in usual}
    return found


def blocks(project: Project, dataset: str) -> dict[str, int]:
    """Return in how many blocks each cell is run: as the looks made so far ask, or the first."""
    counts = project.study.looks[dataset]
    known = read_looks(project, dataset)
    asked = known.blocks if known else {}
    return {name: asked.get(name, counts[0]) for name in named_cells(project.study)}


# What a plan follows from, as `plan` and `tuning_plan` take it.
Known = tuple[Study, str, str, Choices, dict[str, int]]


def _known(project: Project, card: DatasetCard) -> Known:
    chosen, asked = choices(project, card.name), blocks(project, card.name)
    return project.study, card.name, card.content_hash, chosen, asked


def foreseen(project: Project, card: DatasetCard) -> list[RunSpec]:
    """Return the evaluation runs of a dataset as far as they are known; none when not usable.

    The runs of an arm that the ledger does not know (not tuned yet, or new in params.yaml) wait
    for their tuning.
    """
    return list(plan(*_known(project, card))) if card.usable else []


def planned_stages(project: Project, card: DatasetCard) -> dict[str, list[RunSpec]]:
    """Return the runs of "tuning" and "evaluation" of a dataset, as for `foreseen`."""
    if not card.usable:
        return {"tuning": [], "evaluation": []}
    known = _known(project, card)
    trials = [trial.spec for trial in tuning_plan(*known)]
    return {"tuning": trials, "evaluation": list(plan(*known))}


def planned(project: Project, dataset: str) -> list[RunSpec]:
    """Return the runs that the dataset's run table holds, as today's plan describes them."""
    card = read_card(project.results(dataset) / "dataset.json")
    rows = read_rows(project.results(dataset) / "runs.parquet", columns=["run_key"])
    held = {row["run_key"] for row in rows}
    return [spec for spec in foreseen(project, card) if spec.run_key in held]


def finished_run(project: Project, spec: RunSpec) -> RunResult | None:
    """Return the stored result of a run; a failed run is not finished."""
    result = project.store.get(spec.run_key)
    return result if result and result.status != "failed" else None


def finished(project: Project, specs: Iterable[RunSpec]) -> StoredResults:
    """Return the stored results of those of these runs that are finished; each is read once."""
    found = StoredResults(project.store)
    for spec in specs:
        if finished_run(project, spec):
            found.add(spec.run_key)
    return found


def unfinished(specs: Iterable[RunSpec], stored: Mapping[str, Entry]) -> list[RunSpec]:
    """Return the runs that are still to be trained, each once: of failed ones, one more attempt.

    Trials that wait have the same key until their base is tuned: each of them counts.
    """
    ready, waiting = dict[str, RunSpec](), list[RunSpec]()
    for spec in specs:
        if spec.state == "waits":
            waiting.append(spec)
        elif spec.state == "ready":
            ready[spec.run_key] = spec
    again = [s for k, s in ready.items() if k not in stored or stored[k].status == "failed"]
    return again + waiting
