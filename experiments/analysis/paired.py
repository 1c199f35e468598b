"""Paired differences inside blocks: mean, Student's t interval, p-value, d_z."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

# Below this share of the largest difference a spread is rounding of equal numbers.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class PairedEstimate:
    """A mean difference with its interval, in the unit of the differences.

    Attributes
    ----------
    n : int
        Number of differences.
    mean, sd : float
        Mean and standard deviation (n − 1) of the differences, not below `least_sd`.
    ci_low, ci_high : float
        Interval of the mean.
    p : float
        Two-sided p-value of "the mean difference is zero".
    d_z, d_z_low, d_z_high : float
        Standardised difference, mean / sd, with its interval.
    """

    n: int
    mean: float
    sd: float
    ci_low: float
    ci_high: float
    p: float
    d_z: float
    d_z_low: float
    d_z_high: float

    def interval(self, confidence: float, *, extra: float = 0.0) -> tuple[float, float]:
        """Return mean ± t(n − 1) · sd · √(1/n + extra); NaN where the estimate has no interval."""
        if np.isnan(self.ci_low):
            return float("nan"), float("nan")
        quantile = float(special.stdtrit(self.n - 1, (1 + confidence) / 2))
        half = quantile * self.sd * sqrt(1 / self.n + extra)
        return self.mean - half, self.mean + half


def paired_t(
    differences: NDArray[np.float64],
    *,
    confidence: float = 0.95,
    least_sd: float = 0.0,
    identical: bool = False,
) -> PairedEstimate:
    """Estimate a mean paired difference: mean ± t(n − 1) · sd / √n.

    The interval of d_z holds every δ / √n with which the noncentral t(n − 1, δ) puts neither
    tail at the observed t = d_z · √n below (1 − confidence) / 2.

    Parameters
    ----------
    differences : array, shape (n,)
        One finite difference per block, in any unit.
    confidence : float
        Coverage of the interval, in (0, 1).
    least_sd : float
        Spread that the test images alone give a difference; see `resolution.least_sd`.
    identical : bool
        Whether the two sides are bit-identical in every block, so that zero is known and not
        estimated.

    Returns
    -------
    PairedEstimate
        With fewer than two differences interval, p and d_z are NaN. So they are for differences
        that all equal one number: ties have no scale and prove nothing. `identical` gives
        [0, 0], p = 1 and d_z = 0.

    References
    ----------
    Student (1908); coverage of a percentile bootstrap at n = 5 is 85 %, hence t. Steiger and
    Fouladi (1997), "Noncentrality interval estimation", on the interval of d_z.

    Examples
    --------
    >>> estimate = paired_t(np.array([1.0, 2.0, 3.0]))
    >>> estimate.n, estimate.mean, round(estimate.ci_high, 3)
    (3, 2.0, 4.484)
    """
    n = len(differences)
    mean = float(np.mean(differences)) if n else np.nan
    if n < 2:
        return PairedEstimate(n, mean, *[np.nan] * 7)
    if identical:
        return PairedEstimate(n, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    se = standard_error(differences, least_sd=least_sd)
    if np.isnan(se):
        return PairedEstimate(n, mean, 0.0, *[np.nan] * 6)
    t = mean / se
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * se
    tails = ((1 + confidence) / 2, (1 - confidence) / 2)
    shifts = [float(special.nctdtrinc(n - 1, tail, t)) / sqrt(n) for tail in tails]
    p = 2 * float(special.stdtr(n - 1, -abs(t)))
    return PairedEstimate(
        n, mean, se * sqrt(n), mean - half, mean + half, p, t / sqrt(n), shifts[0], shifts[1]
    )  # fmt: skip


def standard_error(differences: NDArray[np.float64], *, least_sd: float = 0.0) -> float:
    """Return max(sd, least_sd) / √n; NaN for fewer than two differences or for ties."""
    n = len(differences)
    if n < 2 or is_constant(differences):
        return float("nan")
    return max(float(np.std(differences, ddof=1)), least_sd) / sqrt(n)


def is_constant(differences: NDArray[np.float64]) -> bool:
    """Tell whether the differences are one number up to rounding."""
    return bool(np.ptp(differences) <= _ROUNDING * np.max(np.abs(differences)))
