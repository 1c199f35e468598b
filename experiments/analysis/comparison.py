"""A comparison: one contrast at the looks that its own planned blocks have reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.evidence import evidence
from experiments.analysis.grid import BlockGrid
from experiments.analysis.looks import Course
from experiments.analysis.outcome import Outcome


@dataclass(frozen=True)
class Comparison:
    """A contrast at every look that its own planned blocks have reached.

    Attributes
    ----------
    grid : BlockGrid
        All blocks of the dataset.
    outcome : Outcome
        What is compared.
    counts : tuple of int
        Numbers of blocks of the dataset's looks; empty for one look at whatever was run.
    parts : tuple of BlockContrast
        One per look reached, or the only one.
    so_far : BlockContrast
        What there is before the first look.
    """

    grid: BlockGrid
    outcome: Outcome
    counts: tuple[int, ...]
    parts: tuple[BlockContrast, ...]
    so_far: BlockContrast

    @property
    def n_looks(self) -> int:
        """Number of looks planned, K."""
        return max(1, len(self.counts))

    @property
    def alpha(self) -> float:
        """Level of each look, alpha / K: its intervals cover the rest."""
        return self.grid.study.alpha / self.n_looks

    @property
    def margin(self) -> float:
        """Equivalence margin in the response's unit."""
        return self.grid.study.margin(self.grid.dataset)

    def at(self, look: int) -> BlockContrast:
        """Return the contrast at a look, from 1; before the first, what there is."""
        return self.parts[look - 1] if look else self.so_far

    def grid_at(self, look: int) -> BlockGrid:
        """Return the blocks planned up to a look."""
        return self.grid.at(look) if self.counts else self.grid

    def course(self) -> Course:
        """Return the evidence of the looks reached."""
        return Course(
            [
                evidence(
                    self.outcome.differences(part),
                    margin=self.margin,
                    level=self.alpha,
                    sign=self.outcome.response.sign,
                    divergence=part.divergence,
                    least_sd=self.outcome.response.scale * part.least_sd,
                    identical=part.identical,
                )
                for part in self.parts
            ],
            self.n_looks,
        )


def comparison(
    grid: BlockGrid, units: NDArray[np.float64], outcome: Outcome, *, whole: bool = False
) -> Comparison:
    """Lay out a contrast at the looks it has reached.

    Parameters
    ----------
    grid : BlockGrid
        All blocks of a dataset.
    units : array, shape (n_units, n_cells)
        The contrast's units.
    outcome : Outcome
        What is compared.
    whole : bool
        Whether only looks count that every cell of the dataset has reached.
    """
    counts = grid.counts
    if not counts or not len(units):
        part = outcome.contrast(grid, units)
        return Comparison(grid, outcome, (), (part,), part)
    reached = grid.reached(~grid.is_placebo if whole else (units != 0).any(axis=0))
    parts = tuple(outcome.contrast(grid.first(n), units) for n in counts[:reached])
    return Comparison(grid, outcome, counts, parts, outcome.contrast(grid.first(counts[0]), units))
