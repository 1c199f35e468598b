"""What a project plans to run, from its cards, ledgers and looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
    return {name: asked.get(name, counts[0]) for name in named_cells(project.study)}


# What a plan follows from, as `plan` and `tuning_plan` take it.
Known = tuple[Study, str, str, Choices, dict[str, int]]


def _known(project: Project, card: DatasetCard) -> Known:
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


@dataclass(frozen=True)
class Rest:
    """What one stage of a dataset still has to train, at least one run."""

    stage: str
    card: DatasetCard
    specs: Sequence[RunSpec]

    @property
    def kinds(self) -> list[RunSpec]:
        """One run of each cell or arm: its blocks differ in what is tuned alone."""
        return list({spec.cell: spec for spec in reversed(self.specs)}.values())


def rest_of(
    cards: Sequence[DatasetCard],
    planned: Mapping[str, Mapping[str, Sequence[RunSpec]]],
    stored: Mapping[str, Entry],
) -> list[Rest]:
    """Return what each dataset still needs: its tuning, then its evaluation."""
    verbs = {"tuning": "tune", "evaluation": "train"}
    found = [
        Rest(f"{verb} {card.name}", card, unfinished(planned[card.name][stage], stored))
        for card in cards
        for stage, verb in verbs.items()
    ]
    return [rest for rest in found if rest.specs]
