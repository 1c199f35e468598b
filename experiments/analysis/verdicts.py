"""The four verdicts and the rule that gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from experiments.analysis.paired import PairedEstimate

Word = Literal["helps", "hurts", "equivalent", "inconclusive"]
WORDS: tuple[Word, ...] = ("helps", "hurts", "equivalent", "inconclusive")


@dataclass(frozen=True)
class Verdict:
    """One of the four words and the reason in a clause."""

    word: Word
    reason: str


@dataclass(frozen=True)
class Divergence:
    """Share of runs that diverged on either side of a comparison, each in [0, 1]."""

    with_level: float
    without: float


def decide(
    estimate: PairedEstimate,
    *,
    p_adjusted: float,
    p_equivalence: float,
    divergence: Divergence,
    alpha: float = 0.05,
) -> Verdict:
    """Give the verdict on a difference in a response of which more is better.

    In this order:

    1. *Divergence decides where it is the rule.* If more than half of the runs on exactly one
       side diverged, that side loses: hurts when it is the side with the level, helps when it is
       the side without; if both sides did, inconclusive. The accuracy of the survivors would
       compare other things than was asked.
    2. *equivalent* — TOST passes: p_equivalence < alpha. It wins over a significant difference:
       an effect proven to be smaller than the margin is real and does not matter.
    3. *helps* / *hurts* — the adjusted p is below alpha and the interval excludes zero.
    4. *inconclusive* — everything else, above all fewer than two blocks. It says that the study
       could not tell, never that there is no effect.

    Parameters
    ----------
    estimate : PairedEstimate
        Difference with interval.
    p_adjusted : float
        Two-sided p-value, corrected over the named family.
    p_equivalence : float
        TOST p-value against the dataset's margin, not corrected: each equivalence is its own
        claim with error rate alpha.
    divergence : Divergence
        Share of diverged runs on both sides.
    alpha : float
        Level of every test.

    Returns
    -------
    Verdict
        Word and reason; comparisons with NaN are false, so that unknown figures never decide.
    """
    lost_with, lost_without = divergence.with_level > 0.5, divergence.without > 0.5
    if lost_with and lost_without:
        return Verdict("inconclusive", "most runs diverged on both sides")
    if lost_with:
        return Verdict("hurts", f"{divergence.with_level:.0%} of the runs with it diverged")
    if lost_without:
        return Verdict("helps", f"{divergence.without:.0%} of the runs without it diverged")
    if p_equivalence < alpha:
        return Verdict("equivalent", "the difference is shown to be smaller than the margin")
    if p_adjusted < alpha and estimate.ci_low > 0:
        return Verdict("helps", "adjusted p below alpha, interval above zero")
    if p_adjusted < alpha and estimate.ci_high < 0:
        return Verdict("hurts", "adjusted p below alpha, interval below zero")
    return Verdict("inconclusive", _what_lacks(estimate, alpha))


def _what_lacks(estimate: PairedEstimate, alpha: float) -> str:
    if estimate.n < 2:
        return f"{estimate.n} complete block{'' if estimate.n == 1 else 's'}; two are needed"
    if estimate.p != estimate.p:
        return "all blocks show the same difference, which leaves no scale to judge it"
    if estimate.p < alpha:
        return "the difference does not survive the correction for many comparisons"
    return "neither a difference nor its absence is shown"
