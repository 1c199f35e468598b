"""What a planned study will be able to see."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.analysis import feasibility
from experiments.analysis.spreads import expected_spread
from experiments.design.arms import study_cells
from experiments.design.study import Study


def outlook_lines(study: Study) -> Iterator[str]:
    """Yield what each dataset's component effects must be to be found or shown to be absent."""
    pairs = fewest_pairs(study)
    for outlook in feasibility(
        {
            name: {f.name: expected_spread(name, f.name, n_pairs=pairs) for f in study.factors}
            for name in study.datasets
        },
        looks=study.looks,
        n_comparisons=len(study.datasets) * _compared(study),
        margins={name: study.margin(name) for name in study.datasets},
        alpha=study.alpha,
    ):
        yield from outlook.sentences


def _compared(study: Study) -> int:
    """Return how many levels are compared with their null level; a design may leave some out."""
    cells = study_cells(study)
    return sum(len({levels[f.name] for levels in cells} - {f.null}) for f in study.factors)


def fewest_pairs(study: Study) -> int:
    """Return over how many pairs of cells the least averaged main effect is a mean.

    A fraction has no two cells that differ in one component only: there one half of the cells is
    compared with the other.
    """
    cells = study_cells(study)
    if study.design == "fractional":
        return max(1, len(cells) // 2)
    names = [factor.name for factor in study.factors]
    known = {tuple(levels[name] for name in names) for levels in cells}
    counts = []
    for place, factor in enumerate(study.factors):
        off = [labels for labels in known if labels[place] == factor.null]
        for label in factor.labels[1:]:
            on = ((*labels[:place], label, *labels[place + 1 :]) for labels in off)
            counts.append(sum(labels in known for labels in on))
    # A level that the design does not run has no pair, and no effect either.
    return min(filter(None, counts), default=1)
