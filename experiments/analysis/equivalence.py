"""Equivalence: two one-sided tests (TOST) against a margin named before the study."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from experiments.analysis.paired import standard_error


def tost_p(
    differences: NDArray[np.float64],
    *,
    margin: float,
    least_sd: float = 0.0,
    identical: bool = False,
) -> float:
    """Test "the mean difference lies outside (−margin, margin)".

    p = P(t(n − 1) > (margin − |mean|) / se), the larger of the two one-sided p; p < α exactly
    when the (1 − 2α) t interval lies inside the margins.

    Parameters
    ----------
    differences : array, shape (n,)
        One difference per block.
    margin : float
        Largest difference that does not matter, positive, in the unit of the differences.
    least_sd, identical
        As for `paired_t`.

    Returns
    -------
    float
        Small when the two are equivalent. 0 when they are bit-identical; NaN with fewer than two
        differences or with differences that all equal one number (no scale).

    References
    ----------
    Schuirmann (1987); Lakens (2017), "Equivalence tests".

    Examples
    --------
    >>> round(tost_p(np.array([0.01, -0.02, 0.02, 0.0]), margin=0.1), 4)
    0.0007
    """
    if identical and len(differences) > 1:
        return 0.0
    se = standard_error(differences, least_sd=least_sd)
    if np.isnan(se):
        return float("nan")
    room = margin - abs(float(np.mean(differences)))
    return float(special.stdtr(len(differences) - 1, -room / se))
