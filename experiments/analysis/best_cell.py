"""Which cell and which run are the best, chosen on validation data by one rule for all uses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.analysis.grid import block_grids
from experiments.analysis.outcome import outcome
from experiments.design.study import Study

# Two cells with as many errors have the same mean, however their sums were rounded.
_DIGITS = 9


def best_cell(cells: pd.DataFrame, *, sign: int = 1) -> str | None:
    """Return the cell with the best mean response on validation data.

    The best of many test means is too good: on digits a cell picked by test accuracy is 0.33
    percentage points below what picked it and its interval covers 84 %; picked by validation
    accuracy 0.02 points, and no worse a cell.

    Parameters
    ----------
    cells : DataFrame
        `cell, mean_validation, n, n_diverged`, one row per cell of one dataset, the placebo left
        out.
    sign : int
        +1 where a higher response is better, −1 where a lower one is.

    Returns
    -------
    str or None
        The first of equals. A cell that diverged more often than it finished is not the best,
        however well its other runs did. None when no cell is left.
    """
    known = cells[cells["mean_validation"].notna() & (cells["n_diverged"] <= cells["n"])]
    if known.empty:
        return None
    means = sign * known["mean_validation"].round(_DIGITS).to_numpy()
    return str(known["cell"].iloc[int(means.argmax())])


def best_run(runs: pd.DataFrame, study: Study) -> str | None:
    """Return the key of the best cell's run with the best response on validation data.

    The cells are compared over whole blocks, as in `cell_comparison`.

    Parameters
    ----------
    runs : DataFrame
        One dataset's run table.
    study : Study
        Whose runs they are; the validation counterpart of its primary response decides.

    Returns
    -------
    str or None
        Of equal runs the first replicate; None when no run has finished.
    """
    studied = outcome(study)
    sign = studied.response.sign
    for grid in block_grids(runs, study):
        whole = grid.whole
        values = whole.response(studied.validation)
        done = np.isfinite(values)
        table = pd.DataFrame(
            {
                "cell": np.arange(len(whole.cells)),
                "mean_validation": np.where(done, values, 0).sum(axis=0)
                / np.where(done.any(axis=0), done.sum(axis=0), np.nan),
                "n": done.sum(axis=0),
                "n_diverged": whole.has_status("diverged").sum(axis=0),
            }
        )
        cell = best_cell(table[~whole.is_placebo], sign=sign)
        if cell is not None:
            own = sign * values[:, int(cell)]
            keys = whole.runs["run_key"]
            return str(keys.iloc[whole.rows[int(np.nanargmax(own)), int(cell)]])
    return None
