"""The questions of a study: each level against its null level, and any two levels asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from experiments.analysis.comparison import Comparison, comparison
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.outcome import outcome
from experiments.analysis.units import Units, main_effect_units
from experiments.design.contrast_levels import Switch
from experiments.design.study import Study

FAMILY = "component effects of the study, all datasets"


@dataclass(frozen=True)
class Question:
    """A factor's level against another of its levels in one dataset.

    Attributes
    ----------
    switch : tuple of str
        Component, level, and what it is compared with.
    units : array, shape (n_units, n_cells)
        The pairs of cells that the main effect averages.
    comparison : Comparison
        The main effect at the looks reached.
    """

    switch: Switch
    units: Units
    comparison: Comparison

    @property
    def grid(self) -> BlockGrid:
        """All blocks of the dataset."""
        return self.comparison.grid

    @property
    def names(self) -> dict[str, str]:
        """The columns that identify the row."""
        names = ("dataset", "component", "level", "null_level")
        return dict(zip(names, (self.grid.dataset, *self.switch), strict=True))


def questions(runs: pd.DataFrame, study: Study) -> list[Question]:
    """Return one question per dataset × level that runs hold, then those of `contrasts`."""
    studied = outcome(study)
    return [
        Question(switch, units, comparison(grid, units, studied))
        for grid in block_grids(runs, study)
        for switch in (*component_levels(grid), *study.asked)
        for units in [main_effect_units(grid, *switch)]
    ]


def component_levels(grid: BlockGrid) -> Iterator[Switch]:
    """Yield every level that some run of the dataset has against its null level."""
    for factor in grid.study.factors:
        for label in factor.labels[1:]:
            if grid.has_level(factor.name, label).any():
                yield factor.name, label, factor.null


def to_come(found: Sequence[Question], study: Study) -> int:
    """Return how many comparisons a study plans on datasets that have no run yet.

    All datasets of a study share its design, so that each brings as many as those with runs.
    """
    names = {question.grid.dataset for question in found}
    return len(set(study.datasets) - names) * (len(found) // len(names)) if names else 0
