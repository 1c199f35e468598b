"""Which cell of a dataset is the best, by one rule for table, figures and champion."""

from __future__ import annotations

import pandas as pd

# Two cells with as many errors have the same mean, however their sums were rounded.
_DIGITS = 9


def best_cell(cells: pd.DataFrame) -> str | None:
    """Return the cell with the highest mean response.

    Parameters
    ----------
    cells : DataFrame
        `cell, mean_accuracy, n, n_diverged`, one row per cell of one dataset, the placebo left
        out.

    Returns
    -------
    str or None
        The first of equals. A cell that diverged more often than it finished is not the best,
        however well its other runs did. None when no cell is left.
    """
    known = cells[cells["mean_accuracy"].notna() & (cells["n_diverged"] <= cells["n"])]
    if known.empty:
        return None
    means = known["mean_accuracy"].round(_DIGITS).to_numpy()
    return str(known["cell"].iloc[int(means.argmax())])


def best_run(runs: pd.DataFrame, *, response: str) -> str | None:
    """Return the key of the best cell's run with the highest validation accuracy.

    The primary response decides the cell, as in the comparison table; where that is read on the
    test part, the test part still has no say in the replicate.

    Parameters
    ----------
    runs : DataFrame
        One dataset's run table.
    response : str
        The study's primary response.

    Returns
    -------
    str or None
        Of equal runs the first replicate; None when no run has finished.
    """
    own = runs[runs["arm"] == "cell"]
    ok = own["status"] == "ok"
    per_cell = own.assign(
        mean_accuracy=own[response].where(ok), n=ok, n_diverged=own["status"] == "diverged"
    ).groupby("cell", sort=False)
    cell = best_cell(
        per_cell.agg({"mean_accuracy": "mean", "n": "sum", "n_diverged": "sum"}).reset_index()
    )
    if cell is None:
        return None
    rows = own[ok & (own["cell"] == cell)].sort_values("replicate", kind="stable")
    return str(rows["run_key"].iloc[int(rows["val_accuracy"].to_numpy().argmax())])
