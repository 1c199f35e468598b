"""What a study consists of and how far it is, in plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from experiments.design.designs import cell_name
from experiments.design.fractional import aliases, generators, resolution
from experiments.plan import study_cells
from pipeline.dataset_card import DatasetCard, draw_up, read_card
from pipeline.planning.expected_cost import expectation_lines
from pipeline.planning.outlook import outlook_lines
from pipeline.planning.staleness import Missing, counted, missing_runs
from pipeline.project import Project
from pipeline.running.plans import planned, tuned, tuning_specs
from pipeline.storage.store_index import Entry, stored_runs

_MOST_LINES = 20


def plan_lines(project: Project, *, calibrated: bool = True) -> Iterator[str]:
    """Yield cells, runs per dataset, alias table, expected cost, and what the study can see.

    Parameters
    ----------
    project : Project
        Whose study is planned.
    calibrated : bool
        Whether expected times rest on a few real steps of each recipe, or on typical costs.
    """
    study = project.study
    cells = study_cells(study)
    yield f"study {study.name}: {study.question}"
    yield (
        f"design {study.design}: {len(cells)} cells x {study.replicates} replicates, "
        "and a placebo arm"
    )
    for levels in cells:
        yield f"  {cell_name(study.factors, levels)}"
    if study.design == "fractional":
        yield from _fraction_lines(project)
    stored, known = stored_runs(project.store), list(_known(project))
    for card in known:
        yield from _dataset_lines(project, card, stored)
    yield from expectation_lines(project, known, stored, calibrated=calibrated)
    yield from outlook_lines(study)


def _fraction_lines(project: Project) -> Iterator[str]:
    names = [factor.name for factor in project.study.factors]
    _, words = generators(names)
    if not words:
        yield "  with so few factors the fraction is the full design"
        return
    yield f"  resolution {resolution(words)}: " + ", ".join(
        f"{name} = {' x '.join(sorted(word))}" for name, word in words.items()
    )
    for group in aliases(names, words):
        yield "  cannot be told apart: " + " = ".join(" x ".join(sorted(p)) for p in group)


def _known(project: Project) -> Iterator[DatasetCard]:
    """Yield the card of each dataset, drawn up now where no stage did it yet."""
    for name in project.study.datasets:
        path = project.results(name) / "dataset.json"
        card = read_card(path) if path.exists() else None
        yield card if card and card.usable else draw_up(project, name)


def _dataset_lines(
    project: Project, card: DatasetCard, stored: Mapping[str, Entry]
) -> Iterator[str]:
    if not card.available:
        yield f"{card.name}: not available, its runs are left out. {card.remedy}"
        return
    root, trials = project.store.root, tuning_specs(project, card)
    yield f"{card.name}: tuning {counted(trials, missing_runs(trials, stored, root))}"
    if tuned(project, card.name):
        specs = planned(project, card.name)
        yield f"{card.name}: evaluation {counted(specs, missing_runs(specs, stored, root))}"
    else:
        arms = len(study_cells(project.study)) + 1
        yield f"{card.name}: evaluation {arms * project.study.replicates} runs, after tuning"


def status_lines(project: Project) -> Iterator[str]:
    """Yield how many runs are stored, and why each of the others is not."""
    stored, root = stored_runs(project.store), project.store.root
    for card in _known(project):
        if not card.available:
            yield f"{card.name}: not available, its runs are left out. {card.remedy}"
            continue
        stages = {"tuning": tuning_specs(project, card)}
        if tuned(project, card.name):
            stages["evaluation"] = planned(project, card.name)
        for stage, specs in stages.items():
            missing = missing_runs(specs, stored, root)
            yield f"{card.name}: {stage} {counted(specs, missing)}"
            yield from _reasons(missing)
        if "evaluation" not in stages:
            yield f"{card.name}: not tuned yet; `dvc repro` trains it"


def _reasons(missing: Sequence[Missing]) -> Iterator[str]:
    """Yield one line per reason and cell, with the replicates that it holds for."""
    groups: dict[tuple[str, str], list[int]] = {}
    for run in missing:
        groups.setdefault((run.spec.cell, run.why), []).append(run.spec.replicate)
    for (cell, why), replicates in list(groups.items())[:_MOST_LINES]:
        named = ", ".join(str(replicate) for replicate in sorted(set(replicates)))
        yield f"  {cell} replicate {named}: {why}"
    if len(groups) > _MOST_LINES:
        yield f"  and {len(groups) - _MOST_LINES} more"
