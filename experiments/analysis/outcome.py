"""The outcome under study: a column of the run table and the response that it holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.contrasts import BlockContrast, contrast
from experiments.analysis.grid import BlockGrid
from experiments.analysis.paired import PairedEstimate, paired_t
from experiments.design.study import Study
from experiments.response.response import Response, split_column


@dataclass(frozen=True)
class Outcome:
    """A column of the run table and how its values are read."""

    column: str
    response: Response

    @property
    def validation(self) -> str:
        """The column of the same response on validation data."""
        return f"val_{split_column(self.column)[1]}"

    def contrast(self, grid: BlockGrid, units: NDArray[np.float64]) -> BlockContrast:
        """Apply a contrast to this outcome."""
        return contrast(grid, self.values(grid), units, n_test=self._images(grid))

    def differences(self, part: BlockContrast) -> NDArray[np.float64]:
        """Return the contrast per block in the response's unit, shape (n_blocks,)."""
        return self.response.scale * part.per_block

    def estimate(self, part: BlockContrast, *, confidence: float = 0.95) -> PairedEstimate:
        """Estimate the contrast's mean, in the response's unit."""
        return paired_t(
            self.differences(part),
            confidence=confidence,
            least_sd=self.response.scale * part.least_sd,
            identical=part.identical,
        )

    def values(self, grid: BlockGrid) -> NDArray[np.float64]:
        """Return the stored values, shape (n_blocks, n_cells), NaN without a finished run."""
        return grid.response(self.column)

    def _images(self, grid: BlockGrid) -> NDArray[np.float64] | None:
        known = self.response.counts and self.column.startswith("test_") and "n_test" in grid.runs
        return grid.response("n_test") if known else None


def outcome(study: Study, column: str = "") -> Outcome:
    """Return the outcome in a column of a study's responses, by default the primary one."""
    column = column or study.response
    return Outcome(column, study.responses[column])
