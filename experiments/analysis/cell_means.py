"""The mean of a response in every cell: description of a further measure beside the primary one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.analysis.comparison import Looks
from experiments.analysis.grid import block_grids
from experiments.analysis.outcome import outcome
from experiments.analysis.paired import paired_t
from experiments.design.factors import Factor
from experiments.response.response import Response


def cell_means(
    runs: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    response: str,
    measure: Response | None = None,
    confidence: float = 0.95,
    looks: Looks | None = None,
) -> pd.DataFrame:
    """Average a response over the blocks of every cell, the placebo arm's among them.

    Parameters
    ----------
    runs, factors, response, measure, looks
        As for `component_effects`.
    confidence : float
        Coverage of Student's t intervals, in (0, 1).

    Returns
    -------
    DataFrame
        `dataset, cell, arm`, the mean as <response>, unscaled, and the ends of its interval as
        <response>_low and <response>_high; NaN where no run has finished.
    """
    studied = outcome(response, measure)
    rows = []
    for every in block_grids(runs, factors):
        grid = every.whole((looks or {}).get(every.dataset, ()))
        values = studied.values(grid)
        for cell, name in enumerate(grid.cells):
            own = values[:, cell]
            mean = paired_t(own[np.isfinite(own)], confidence=confidence)
            arm = "placebo" if grid.is_placebo[cell] else "cell"
            rows.append((grid.dataset, name, arm, mean.mean, mean.ci_low, mean.ci_high))
    named = [response, f"{response}_low", f"{response}_high"]
    return pd.DataFrame(rows, columns=["dataset", "cell", "arm", *named])
