"""The mean of a response in every cell: description of a further measure beside the primary one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.analysis.grid import block_grids
from experiments.analysis.outcome import outcome
from experiments.analysis.paired import paired_t
from experiments.design.study import Study


def cell_means(runs: pd.DataFrame, study: Study, column: str) -> pd.DataFrame:
    """Average a response over the blocks of every cell, the placebo arm's among them.

    Parameters
    ----------
    runs, study
        As for `component_effects`.
    column : str
        That of the response.

    Returns
    -------
    DataFrame
        `dataset, cell, arm`, the mean as <column>, unscaled, and the ends of its interval as
        <column>_low and <column>_high; NaN where no run has finished.
    """
    studied = outcome(study, column)
    rows = []
    for every in block_grids(runs, study):
        grid = every.whole
        values = studied.values(grid)
        for cell, name in enumerate(grid.cells):
            own = values[:, cell]
            mean = paired_t(own[np.isfinite(own)], confidence=1 - study.alpha)
            arm = "placebo" if grid.is_placebo[cell] else "cell"
            rows.append((grid.dataset, name, arm, mean.mean, mean.ci_low, mean.ci_high))
    named = [column, f"{column}_low", f"{column}_high"]
    return pd.DataFrame(rows, columns=["dataset", "cell", "arm", *named])
