"""Equivalence: two one-sided tests (TOST) against a margin named before the study."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from experiments.analysis.paired import is_constant


def tost_p(differences: NDArray[np.float64], *, margin: float) -> float:
    """Test "the mean difference lies outside (−margin, margin)".

    p = max(p of mean ≤ −margin, p of mean ≥ margin), each a one-sided one-sample t test; p < α
    exactly when the (1 − 2α) t interval lies inside the margins.

    Parameters
    ----------
    differences : array, shape (n,)
        One difference per block.
    margin : float
        Largest difference that does not matter, positive, in the unit of the differences.

    Returns
    -------
    float
        Small when the two are equivalent. NaN with fewer than two differences or with
        differences that all equal one number other than zero (no scale); 0 when all are zero.

    References
    ----------
    Schuirmann (1987); Lakens (2017), "Equivalence tests".

    Examples
    --------
    >>> round(tost_p(np.array([0.01, -0.02, 0.02, 0.0]), margin=0.1), 4)
    0.0007
    """
    if len(differences) < 2:
        return float("nan")
    if is_constant(differences):
        return 0.0 if not np.any(differences) else float("nan")
    above = stats.ttest_1samp(differences, -margin, alternative="greater").pvalue
    below = stats.ttest_1samp(differences, margin, alternative="less").pvalue
    return float(max(above, below))
