"""Response against cost: the cells that no other cell beats in both."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def pareto_front(value: ArrayLike, cost: ArrayLike) -> NDArray[np.bool_]:
    """Tell which points no other point dominates.

    A point is dominated when another is at least as good and at most as costly, and
    better in one of the two.

    Parameters
    ----------
    value, cost : array_like, shape (n,)
        More value is better, less cost is better. A point with NaN is never on the front and
        dominates none.

    Returns
    -------
    array of bool, shape (n,)
        New array; equal points stand or fall together.

    Examples
    --------
    >>> pareto_front([0.9, 0.8, 0.95], [1.0, 2.0, 3.0]).tolist()
    [True, False, True]
    """
    up, down = np.asarray(value, dtype=float), np.asarray(cost, dtype=float)
    no_worse = (up[None] >= up[:, None]) & (down[None] <= down[:, None])
    better = (up[None] > up[:, None]) | (down[None] < down[:, None])
    dominated = (no_worse & better).any(axis=1)
    return ~dominated & np.isfinite(up) & np.isfinite(down)


def on_front(cells: pd.DataFrame, *, cost: str = "fit_cpu_s", sign: int = 1) -> pd.Series:
    """Tell which rows of the table of `cell_comparison` stand on the front of their dataset.

    That is decided on validation data, and the test figures of these cells are reported: a front
    drawn through the best test means would be too good. It is drawn through means, so that
    neighbours within the interval may swap places.

    Parameters
    ----------
    cells : DataFrame
        The cell comparison; placebo arms stand on no front.
    cost : str
        Column of the cost, in seconds.
    sign : int
        +1 where a higher response is better, −1 where a lower one is.
    """
    front = pd.Series(False, index=cells.index)
    for _, part in cells[cells["arm"] == "cell"].groupby("dataset"):
        front[part.index] = pareto_front(sign * part["mean_validation"], part[cost])
    return front
