"""What a project plans to run, from its cards, its ledgers, and the looks made so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from experiments.design.plan import Choices, arms_of_cells, plan, whole_blocks
from experiments.design.study import Study
from experiments.design.tuning import tuning_plan
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline import atomic
from pipeline.study.dataset_card import DatasetCard, read_card
from pipeline.study.project import Project
from pipeline.study.store.stored_runs import Entry, StoredResults
from pipeline.study.store.table_file import read_rows

Ending = Literal["decided", "all looks made", "budget spent", "under way"]


class OpenComparison(BaseModel, frozen=True):
    """A comparison that a look left open, and why; that of the placebo arm has no level."""

    component: str
    level: str
    null_level: str
    reason: str

    def __str__(self) -> str:
        compared = f" {self.level} vs {self.null_level}" if self.level else ""
        return f"{self.component}{compared}: {self.reason}"


class StudyLooks(BaseModel, frozen=True):
    """How far the looks of a dataset are.

    `counts` are the numbers of blocks of the planned looks, of which so many were `made`; `blocks`
    says in how many each cell was run, or is to be run, `open` what the last look left open, and
    `ending` why no further look follows.
    """

    counts: tuple[Annotated[int, Field(ge=1)], ...]
    made: Annotated[int, Field(ge=0)]
    blocks: Mapping[str, int]
    open: tuple[OpenComparison, ...] = ()
    ending: Ending = "under way"


def _looks_path(project: Project, dataset: str) -> Path:
    return project.results(dataset) / "looks.json"


def read_looks(project: Project, dataset: str) -> StudyLooks | None:
    """Return what is known of a dataset's looks; None without any, or of other looks."""
    try:
        looks = StudyLooks.model_validate_json(_looks_path(project, dataset).read_bytes())
    except (OSError, ValueError):
        return None
    return looks if looks.counts == project.study.looks.get(dataset) else None


def write_looks(project: Project, dataset: str, looks: StudyLooks) -> None:
    """Write results/<dataset>/looks.json."""
    atomic.write_text(_looks_path(project, dataset), looks.model_dump_json(indent=1) + "\n")


def choices(project: Project, dataset: str) -> Choices:
    """Return each arm's tuned values in each block from the ledger; none without a ledger."""
    path = project.results(dataset) / "tuning.parquet"
    if not path.exists():
        return {}
    arms = arms_of_cells(project.study, dataset, whole_blocks(project.study, 1))
    usual = {arm.label: arm.usual.keys() for arm, _ in arms}
    found: dict[tuple[str, int], Mapping[str, float] | None] = {}
    for row in read_rows(path):
        tuned, place = usual.get(row["arm"]), (row["arm"], int(row["replicate"]))
        # Not so where a field is tuned that was not when the ledger was written.
        if tuned is not None and tuned <= row.keys():
            found.setdefault(place, None)
            if row["chosen"]:
                found[place] = {name: row[name] for name in tuned}
    return found


def blocks(project: Project, dataset: str) -> dict[str, int]:
    """Return in how many blocks each cell is run: as the looks made so far ask, or the first."""
    counts = project.study.looks[dataset]
    known = read_looks(project, dataset)
    asked = known.blocks if known else {}
    return {name: asked.get(name, counts[0]) for name in project.study.cells}


def _known(project: Project, card: DatasetCard) -> tuple[Study, str, str, Choices, dict[str, int]]:
    """Return what a plan follows from, as `plan` and `tuning_plan` take it."""
    chosen, asked = choices(project, card.name), blocks(project, card.name)
    return project.study, card.name, card.content_hash, chosen, asked


def foreseen(project: Project, card: DatasetCard) -> list[RunSpec]:
    """Return the evaluation runs of a dataset as far as they are known; none when not usable.

    Those of an arm that the ledger does not know (not tuned yet, or new in params.yaml) wait.
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
    ended = (spec.run_key for spec in specs if finished_run(project, spec))
    return StoredResults(project.store, ended)


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
