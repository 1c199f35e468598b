"""The placebo arms: the baseline under other streams, against the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.comparison import Comparison, comparison
from experiments.analysis.family import judged
from experiments.analysis.grid import BlockGrid
from experiments.analysis.outcome import outcome
from experiments.analysis.units import against_baseline
from experiments.design.study import Study

FAMILY = "placebo arms of the study, all datasets"


@dataclass(frozen=True)
class Placebo:
    """A dataset's placebo arm: its units, the comparison at its looks, and the row of figures."""

    units: NDArray[np.float64]
    comparison: Comparison
    row: dict[str, Any]


def placebos(grids: Sequence[BlockGrid], study: Study) -> dict[str, Placebo]:
    """Judge the placebo arms of a study as a family of their own.

    They are the alarm of a study, not one of its answers: among all cells the alarm would hardly
    ever be heard, and dataset by dataset it would be false too often.

    Returns
    -------
    dict
        dataset → its placebo arm; datasets without one are absent.
    """
    named = [grid for grid in grids if grid.is_placebo.any()]
    units = [against_baseline(grid, int(np.flatnonzero(grid.is_placebo)[0])) for grid in named]
    studied = outcome(study)
    compared = [comparison(grid, own, studied) for grid, own in zip(named, units, strict=True)]
    to_come = len(set(study.datasets) - {grid.dataset for grid in grids})
    rows = judged(compared, study, family=FAMILY, to_come=to_come)
    return {
        grid.dataset: Placebo(own, item, row)
        for grid, own, item, row in zip(named, units, compared, rows, strict=True)
    }
