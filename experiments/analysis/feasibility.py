"""What a planned study can see: the smallest attainable p and the minimum detectable effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

from scipy import optimize, stats

Test = Literal["t", "sign-flip", "wilcoxon"]


def smallest_p(test: Test, n_pairs: int, n_comparisons: int = 1) -> float:
    """Return the smallest two-sided p that a test of n pairs can give, after Holm's first step.

    Sign flips and Wilcoxon's signed ranks know 2^n equally likely outcomes, two of them extreme:
    m · 2^(1 − n), at most 1. Student's t has no floor (0), but needs two pairs (else 1).

    Examples
    --------
    >>> smallest_p("wilcoxon", 5), smallest_p("wilcoxon", 3), smallest_p("t", 3)
    (0.0625, 0.25, 0.0)
    """
    if test == "t":
        return 0.0 if n_pairs >= 2 else 1.0
    return min(1.0, n_comparisons * 2.0 ** (1 - n_pairs)) if n_pairs else 1.0


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
    critical = stats.t.ppf(1 - alpha / 2, df)
    # The lower tail is lost in rounding long before it matters, and scipy gives NaN there.
    lower = stats.nct.cdf(-critical, df, shift) if shift < 5 else 0.0
    return float(stats.nct.sf(critical, df, shift) + lower)


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
        Size of the family.
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

    def lack(effect: float) -> float:
        return power(effect, sd=1.0, n_pairs=n_pairs, alpha=level) - target_power

    # A t test cannot have more power than a z test, nor need more than its critical value + 4.
    ceiling = (stats.t.ppf(1 - level / 2, n_pairs - 1) * 3 + 4) / sqrt(n_pairs)
    return sd * float(optimize.brentq(lack, 0.0, ceiling, xtol=1e-6))


def pairs_needed(
    effect: float, sd: float, *, alpha: float = 0.05, target_power: float = 0.8, most: int = 1000
) -> int | None:
    """Return the least number of pairs that finds `effect` with this power, None above `most`."""
    enough = (
        n
        for n in range(2, most + 1)
        if power(effect, sd=sd, n_pairs=n, alpha=alpha) >= target_power
    )
    return next(enough, None)


def sd_of_differences(sd_run: float, *, correlation: float = 0.0, n_pairs: int = 1) -> float:
    """Return sd_run · √(2 (1 − correlation) / n_pairs): the spread of a block's mean difference.

    `n_pairs` counts the pairs of cells that the contrast averages inside a block (16 for a
    two-level component of the 32-cell study), taken as independent.
    """
    return sd_run * sqrt(2 * (1 - correlation) / n_pairs)


@dataclass(frozen=True)
class Feasibility:
    """What one family of comparisons can see in one dataset; effects in pp."""

    dataset: str
    family: str
    n_pairs: int
    n_comparisons: int
    alpha: float
    smallest_sign_flip_p: float
    smallest_wilcoxon_p: float
    detectable_pp: float
    margin_pp: float
    sentences: tuple[str, ...]


def feasibility(
    sds: Mapping[str, float],
    *,
    family: str,
    n_replicates: int,
    n_comparisons: int,
    margins: Mapping[str, float],
    alpha: float = 0.05,
) -> Sequence[Feasibility]:
    """Say before training what a family of comparisons can and cannot show.

    Parameters
    ----------
    sds : mapping
        Expected standard deviation of the differences per dataset, in percentage points; see
        `sd_of_differences`.
    family : str
        What is compared, in words for the sentences.
    n_replicates, n_comparisons : int
        Pairs per comparison and size of Holm's family.
    margins : mapping
        Equivalence margin in percentage points per dataset.
    alpha : float
        Level of the family.

    Returns
    -------
    sequence of Feasibility
        One per dataset of `sds`.
    """
    return [
        _of_dataset(name, family, sd, n_replicates, n_comparisons, margins[name], alpha)
        for name, sd in sds.items()
    ]


def _of_dataset(
    dataset: str, family: str, sd: float, n: int, m: int, margin: float, alpha: float
) -> Feasibility:
    detectable = minimum_detectable_effect(sd, n, n_comparisons=m, alpha=alpha)
    flips, ranks = smallest_p("sign-flip", n, m), smallest_p("wilcoxon", n, m)
    sentences = _sentences(dataset, family, n, m, alpha, flips, detectable, margin)
    return Feasibility(
        dataset, family, n, m, alpha, flips, ranks, detectable, margin, tuple(sentences)
    )


def _sentences(
    dataset: str,
    family: str,
    n: int,
    m: int,
    alpha: float,
    flips: float,
    detectable: float,
    margin: float,
) -> list[str]:
    where = f"{dataset}, {family}"
    if n < 2:
        return [f"{where}: {n} replicate gives no interval and no test; plan at least two."]
    said = [
        f"{where}: with {n} replicates and {m} comparisons an effect of {detectable:.2g} pp is "
        "found in four studies out of five."
    ]
    if flips >= alpha:
        said.append(
            f"{where}: rank and sign-flip tests cannot reach significance (smallest adjusted p "
            f"{flips:.2g}, alpha {alpha:g}); the verdict rests on Student's t."
        )
    if detectable > margin:
        said.append(
            f"{where}: an effect between the margin of {margin:g} pp and {detectable:.2g} pp "
            "matters but will often stay inconclusive; more replicates narrow the gap."
        )
    return said
