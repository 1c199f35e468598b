"""The questions of a study: each level against its null level, and any two levels asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.comparison import Comparison, Looks, comparison
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.outcome import Outcome
from experiments.analysis.units import main_effect_units
from experiments.design.contrast_levels import contrast_levels
from experiments.design.factors import Factor

Contrasts = Sequence[tuple[str, str]]  # labels of two levels of one factor, first minus second
FAMILY = "component effects of the study, all datasets"


@dataclass(frozen=True)
class Question:
    """A factor's level against another of its levels in one dataset.

    Attributes
    ----------
    factor, level, against : int
        Which factor, and the codes of the two levels; 0 is the null level.
    comparison : Comparison
        The main effect at the looks reached.
    """

    factor: int
    level: int
    against: int
    comparison: Comparison

    @property
    def grid(self) -> BlockGrid:
        """All blocks of the dataset."""
        return self.comparison.grid

    @property
    def units(self) -> NDArray[np.float64]:
        """The pairs of cells that the main effect averages, shape (n_units, n_cells)."""
        return main_effect_units(self.grid, self.factor, self.level, self.against)

    @property
    def names(self) -> dict[str, str]:
        """The columns that identify the row."""
        factor = self.grid.factors[self.factor]
        return {
            "dataset": self.grid.dataset,
            "component": factor.name,
            "level": factor.labels[self.level],
            "null_level": factor.labels[self.against],
        }


def questions(
    runs: pd.DataFrame,
    factors: Sequence[Factor],
    outcome: Outcome,
    *,
    margins: Mapping[str, float],
    looks: Looks | None = None,
    contrasts: Contrasts = (),
) -> list[Question]:
    """Return one question per dataset × level that runs hold, then those of `contrasts`.

    Raises
    ------
    ValueError
        If a contrast is not one of the study's (StudyError), or a dataset has no margin.
    """
    asked = contrast_levels(contrasts, factors)
    return [
        Question(
            factor,
            level,
            against,
            comparison(
                grid,
                main_effect_units(grid, factor, level, against),
                outcome,
                margins=margins,
                looks=looks,
            ),
        )
        for grid in block_grids(runs, factors)
        for factor, level, against in [*component_levels(grid), *asked]
    ]


def component_levels(grid: BlockGrid) -> Iterator[tuple[int, int, int]]:
    """Yield factor, level and null level of every level that some run of the dataset has."""
    for factor in range(len(grid.factors)):
        for level in sorted(set(grid.codes[:, factor].tolist()) - {0}):
            yield factor, level, 0


def to_come(found: Sequence[Question], looks: Looks | None) -> int:
    """Return how many comparisons a study plans on datasets that have no run yet.

    All datasets of a study share its design, so that each brings as many as those with runs.
    """
    names = {question.grid.dataset for question in found}
    return len(set(looks or {}) - names) * (len(found) // len(names)) if names else 0
