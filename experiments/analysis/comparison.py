"""A comparison: one contrast at the looks that its own planned blocks have reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.evidence import evidence
from experiments.analysis.grid import BlockGrid
from experiments.analysis.looks import Course
from experiments.analysis.outcome import Outcome

Looks = Mapping[str, Sequence[int]]  # dataset → the numbers of blocks it looks at


@dataclass(frozen=True)
class Comparison:
    """A contrast at every look that its own planned blocks have reached.

    Attributes
    ----------
    grid : BlockGrid
        All blocks of the dataset.
    outcome : Outcome
        What is compared.
    margin : float
        Equivalence margin in the response's unit.
    counts : tuple of int
        Numbers of blocks of the dataset's looks; empty for one look at whatever was run.
    parts : tuple of BlockContrast
        One per look reached, or the only one.
    so_far : BlockContrast
        What there is before the first look.
    """

    grid: BlockGrid
    outcome: Outcome
    margin: float
    counts: tuple[int, ...]
    parts: tuple[BlockContrast, ...]
    so_far: BlockContrast

    @property
    def n_looks(self) -> int:
        """Number of looks planned, K."""
        return max(1, len(self.counts))

    def at(self, look: int) -> BlockContrast:
        """Return the contrast at a look, from 1; before the first, what there is."""
        return self.parts[look - 1] if look else self.so_far

    def grid_at(self, look: int) -> BlockGrid:
        """Return the blocks planned up to a look."""
        return self.grid.first(self.counts[max(1, look) - 1]) if self.counts else self.grid

    def course(self, alpha: float) -> Course:
        """Return the evidence of the looks reached."""
        return Course(
            [
                evidence(
                    self.outcome.differences(part),
                    margin=self.margin,
                    level=alpha / self.n_looks,
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
    grid: BlockGrid,
    units: NDArray[np.float64],
    outcome: Outcome,
    *,
    margins: Mapping[str, float],
    looks: Looks | None = None,
    whole: bool = False,
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
    margins : mapping
        Equivalence margin per dataset, in the response's unit.
    looks : mapping, optional
        Numbers of blocks per dataset; a dataset without them has one look, at all its blocks.
    whole : bool
        Whether only looks count that every cell of the dataset has reached.
    """
    margin = margin_of(margins, grid.dataset)
    counts = tuple((looks or {}).get(grid.dataset, ()))
    if len(counts) < 2 or not len(units):
        part = outcome.contrast(grid, units)
        return Comparison(grid, outcome, margin, (), (part,), part)
    needed = ~grid.is_placebo if whole else (units != 0).any(axis=0)
    reached = counts[: grid.reached(needed, counts)]
    parts = tuple(outcome.contrast(grid.first(n), units) for n in reached)
    return Comparison(
        grid, outcome, margin, counts, parts, outcome.contrast(grid.first(counts[0]), units)
    )


def margin_of(margins: Mapping[str, float], dataset: str) -> float:
    """Return the dataset's equivalence margin.

    Raises
    ------
    ValueError
        If the dataset has none, or it is not positive.
    """
    margin = margins.get(dataset)
    if margin is None or not margin > 0:
        raise ValueError(
            f"the equivalence margin of {dataset} must be a positive number of percentage points; "
            f"got {margin}. Name one per dataset in params.yaml."
        )
    return float(margin)
