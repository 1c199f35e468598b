"""Correction for many comparisons."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.multitest import multipletests


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """Adjust the p-values of one family by Holm's step-down procedure.

    Parameters
    ----------
    p : array_like, shape (m,)
        P-values; NaN marks a comparison that could not be made and is no member of the family.

    Returns
    -------
    array, shape (m,)
        Adjusted p-values, new array, NaN where `p` is NaN. Rejecting below α keeps the chance
        of any false rejection in the family at or below α, whatever the dependence.

    References
    ----------
    Holm (1979), "A simple sequentially rejective multiple test procedure".

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    adjusted = np.array(p, dtype=np.float64)
    known = np.isfinite(adjusted)
    if known.any():
        adjusted[known] = multipletests(adjusted[known], method="holm")[1]
    return adjusted
