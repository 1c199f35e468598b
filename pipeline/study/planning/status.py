"""What a study consists of and how far it is, in plain lines."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count, groupby
from typing import NamedTuple

from experiments.design.designs import PLACEBO
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


class _Standing(NamedTuple):
    """Which runs each stage of a dataset has, and which of them are missing."""

    card: DatasetCard
    planned: Mapping[str, Sequence[RunSpec]]
    missing: Mapping[str, Sequence[Missing]]

    def lines(self, *, reasons: bool) -> Iterator[str]:
        """Yield a line for each stage, and why runs are missing if `reasons` are wanted."""
        if not self.card.available:
            yield f"{self.card.name}: not available, its runs are left out. {self.card.remedy}"
            return
        for stage, specs in self.planned.items():
            yield f"{self.card.name}: {stage} {counted(specs, self.missing[stage])}"
            yield from _reasons(self.missing[stage]) if reasons else ()


def plan_lines(project: Project, *, calibrated: bool = True) -> Iterator[str]:
    """Yield cells, runs per dataset, alias table, expected cost, and what the study can see."""
    study = project.study
    cells = [name for name in study.cells if name != PLACEBO]
    yield f"study {study.name}: {study.question}"
    yield f"design {study.design}: {len(cells)} cells and a placebo arm, {described(study.looks)}"
    yield from tuning_lines(study)
    yield from (f"  {name}" for name in cells)
    if study.design == "fractional":
        yield from fraction_lines(study)
    stored, standings = _standings(project)
    for standing in standings:
        yield from standing.lines(reasons=False)
    if any(chain.from_iterable(standing.missing.values() for standing in standings)):
        # What it rests on, pandas among it, takes longer to import than the rest of a plan.
        from pipeline.study.planning.expected_cost import expectation_lines

        planned = [(standing.card, standing.planned) for standing in standings]
        yield from expectation_lines(project, planned, stored, calibrated=calibrated)
    yield from outlook_lines(study)


def status_lines(project: Project) -> Iterator[str]:
    """Yield how many runs are stored, and why each of the others is not."""
    for standing in _standings(project)[1]:
        yield from standing.lines(reasons=True)
        card = standing.card
        looks = read_looks(project, card.name)
        if card.available and looks and looks.made:
            yield f"{card.name}: look {looks.made} of {len(looks.counts)} made; {looks.ending}"
            yield from (f"  open: {comparison}" for comparison in looks.open)


def _standings(project: Project) -> tuple[dict[str, Entry], list[_Standing]]:
    """Return what is stored, and where each dataset stands; its card is drawn up where needed."""
    # Some hundred thousand objects, all of which stay: to go through them again and again for
    # something to collect would take a sixth of the time.
    gc.disable()
    try:
        stored, standings = stored_runs(project.store), []
        for name in project.study.datasets:
            path = project.results(name) / "dataset.json"
            known = read_card(path) if path.exists() else None
            card = known if known and known.usable else draw_up(project, name)
            planned = planned_stages(project, card)
            root = project.store.root
            missing = {stage: missing_runs(s, stored, root) for stage, s in planned.items()}
            standings.append(_Standing(card, planned, missing))
    finally:
        gc.enable()
    return stored, standings


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
    places = count()
    runs = (list(run) for _, run in groupby(numbers, lambda number: number - next(places)))
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
