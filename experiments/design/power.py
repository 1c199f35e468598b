"""Power of the paired tests: what n blocks find, and what they can show to be equivalent."""

from __future__ import annotations

from bisect import bisect_left
from math import inf, sqrt

import numpy as np
from scipy import special

# Quantiles of the sample's spread over which the power of TOST is averaged.
_GRID = (np.arange(2000) + 0.5) / 2000
# Effects that are told apart, between none and one that is surely found.
_STEPS = 10**7


def power(effect: float, *, sd: float, n_pairs: int, alpha: float = 0.05) -> float:
    """Return the power of the two-sided paired t test: noncentral t with δ = effect · √n / sd.

    Parameters
    ----------
    effect, sd : float
        True mean difference and standard deviation of the differences, same unit, sd positive.
    n_pairs : int
        Number of pairs, at least 2.
    alpha : float
        Level of the test.
    """
    df, shift = n_pairs - 1, abs(effect) * sqrt(n_pairs) / sd
    critical = special.stdtrit(df, 1 - alpha / 2)
    # The lower tail is lost in rounding long before it matters, and scipy gives NaN there.
    lower = special.nctdtr(df, shift, -critical) if shift < 5 else 0.0
    return float(1 - special.nctdtr(df, shift, critical) + lower)


def equivalence_power(margin: float, *, sd: float, n_pairs: int, alpha: float = 0.05) -> float:
    """Return the chance that TOST shows an effect of zero to lie inside the margin.

    Mean over the spread s of the sample, (n − 1) s² / sd² ~ χ²(n − 1), of
    P(|mean| < margin − t(n − 1, 1 − α) s / √n).

    Parameters
    ----------
    margin, sd : float
        Margin and standard deviation of the differences, same unit, positive.
    n_pairs : int
        Number of pairs, at least 2.
    alpha : float
        Level of each one-sided test.

    Examples
    --------
    >>> round(equivalence_power(0.5, sd=0.45, n_pairs=5), 2)
    0.48
    """
    df = n_pairs - 1
    se = sd * np.sqrt(special.chdtri(df, 1 - _GRID) / df / n_pairs)
    room = margin - special.stdtrit(df, 1 - alpha) * se
    inside = special.erf(np.maximum(room, 0) * sqrt(n_pairs / 2) / sd)
    return float(inside.mean())


def minimum_detectable_effect(
    sd: float,
    n_pairs: int,
    *,
    n_comparisons: int = 1,
    alpha: float = 0.05,
    target_power: float = 0.8,
) -> float:
    """Return the effect that the paired t test finds with the wanted power.

    The level is alpha / n_comparisons, Holm's first step: the power that the smallest p of the
    family has, a safe figure for the others.

    Parameters
    ----------
    sd : float
        Standard deviation of the paired differences, in the unit of the result.
    n_pairs : int
        Number of pairs (replicates for component effects).
    n_comparisons : int
        Size of the family, times the number of looks.
    alpha, target_power : float
        Level of the family and wanted power, in (0, 1).

    Returns
    -------
    float
        Infinite with fewer than two pairs.

    Examples
    --------
    >>> round(minimum_detectable_effect(1.0, 10), 2)
    1.0
    """
    if n_pairs < 2:
        return inf
    level = alpha / n_comparisons
    # A t test cannot have more power than a z test, nor need more than its critical value + 4.
    ceiling = (special.stdtrit(n_pairs - 1, 1 - level / 2) * 3 + 4) / sqrt(n_pairs)
    step = float(ceiling) / _STEPS
    # Power grows with the effect. SciPy's root finders take longer to import than all of a plan.
    steps = bisect_left(
        range(_STEPS),
        target_power,
        key=lambda i: power(i * step, sd=1.0, n_pairs=n_pairs, alpha=level),
    )
    return sd * steps * step
