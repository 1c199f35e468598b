"""What a study consists of and how far it is, in plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from experiments.design.arms import study_cells
from experiments.design.designs import cell_name
from experiments.design.replicates import described
from experiments.run.run_spec import RunSpec
from pipeline.study.dataset_card import DatasetCard, draw_up, read_card
from pipeline.study.planning.design_lines import fraction_lines, outlook_lines, tuning_lines
from pipeline.study.planning.staleness import Missing, counted, missing_runs
from pipeline.study.plans import planned_stages, read_looks
from pipeline.study.project import Project
from pipeline.study.store.stored_runs import Entry, stored_runs

# More than the main study has; a reason that holds for hundreds need not name them all.
_MOST_CELLS = 40


def plan_lines(project: Project, *, calibrated: bool = True) -> Iterator[str]:
    """Yield cells, runs per dataset, alias table, expected cost, and what the study can see."""
    # What it rests on takes half a second to import: `knockout status` needs none of it.
    from pipeline.study.planning.expected_cost import expectation_lines

    study = project.study
    cells = study_cells(study)
    yield f"study {study.name}: {study.question}"
    yield f"design {study.design}: {len(cells)} cells and a placebo arm, {described(study.looks)}"
    yield from tuning_lines(study)
    for levels in cells:
        yield f"  {cell_name(study.factors, levels)}"
    if study.design == "fractional":
        yield from fraction_lines(study)
    stored, cards = stored_runs(project.store), list(_known(project))
    planned = {card.name: planned_stages(project, card) for card in cards}
    for card in cards:
        for line, _ in _counted(project, card, planned[card.name], stored):
            yield line
    yield from expectation_lines(project, cards, planned, stored, calibrated=calibrated)
    yield from outlook_lines(study)


def _known(project: Project) -> Iterator[DatasetCard]:
    """Yield the card of each dataset, drawn up now where no stage did it yet."""
    for name in project.study.datasets:
        path = project.results(name) / "dataset.json"
        card = read_card(path) if path.exists() else None
        yield card if card and card.usable else draw_up(project, name)


def _counted(
    project: Project,
    card: DatasetCard,
    planned: Mapping[str, Sequence[RunSpec]],
    stored: Mapping[str, Entry],
) -> Iterator[tuple[str, Sequence[Missing]]]:
    """Yield a line for each stage of a dataset, and which of its runs are missing."""
    if not card.available:
        yield f"{card.name}: not available, its runs are left out. {card.remedy}", ()
        return
    for stage, specs in planned.items():
        missing = missing_runs(specs, stored, project.store.root)
        yield f"{card.name}: {stage} {counted(specs, missing)}", missing


def status_lines(project: Project) -> Iterator[str]:
    """Yield how many runs are stored, and why each of the others is not."""
    stored = stored_runs(project.store)
    for card in _known(project):
        for line, missing in _counted(project, card, planned_stages(project, card), stored):
            yield line
            yield from _reasons(missing)
        looks = read_looks(project, card.name)
        if card.available and looks and looks.made:
            yield f"{card.name}: look {looks.made} of {len(looks.counts)} made; {looks.ending}"
            yield from (f"  open: {comparison}" for comparison in looks.open)


def _reasons(missing: Sequence[Missing]) -> Iterator[str]:
    """Yield one line per reason and set of replicates, with the cells that it holds for."""
    replicates: dict[tuple[str, str], set[int]] = {}
    for run in missing:
        replicates.setdefault((run.why, run.spec.cell), set()).add(run.spec.replicate)
    groups: dict[tuple[str, str], list[str]] = {}
    for (why, cell), numbers in replicates.items():
        groups.setdefault((why, _ranges(sorted(numbers))), []).append(cell)
    for (why, which), cells in groups.items():
        more = len(cells) - _MOST_CELLS
        rest = f" and {more} more cells" if more > 0 else ""
        yield f"  {why}: replicate {which} of {', '.join(cells[:_MOST_CELLS])}{rest}"


def _ranges(numbers: Sequence[int]) -> str:
    """Return "0-4, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)
