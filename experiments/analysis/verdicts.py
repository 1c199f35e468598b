"""The verdicts, and the clause that gives their reason."""

from __future__ import annotations

from typing import Literal

from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.looks import Standing
from experiments.analysis.paired import PairedEstimate

Word = Literal["helps", "hurts", "equivalent", "depends", "inconclusive"]
_IS = {0: "is none", 1: "is one"}
NOTHING_SHOWN = "neither a difference nor its absence is shown"
WORDS: tuple[Word, ...] = ("helps", "hurts", "equivalent", "depends", "inconclusive")


def reason(
    standing: Standing, estimate: PairedEstimate, part: BlockContrast, *, alpha: float
) -> str:
    """Return why a comparison has its verdict, or what it lacks, in a clause.

    Parameters
    ----------
    standing : Standing
        Where the comparison stands.
    estimate : PairedEstimate
        Difference with the interval of its look.
    part : BlockContrast
        The contrast at that look.
    alpha : float
        Level of the look: the family's over the number of looks.
    """
    lost = part.divergence
    if standing.word == "equivalent":
        return "the difference is shown to be smaller than the margin"
    if standing.word and 2 * lost.p < alpha:
        n, side = max((lost.n_with, "with"), (lost.n_without, "without"))
        return f"in {n} of {lost.n_blocks} blocks only the runs {side} it diverged"
    if standing.word:
        side = "above" if estimate.ci_low > 0 else "below"
        return f"adjusted p below alpha, interval {side} zero"
    return _what_lacks(estimate, part, alpha)


def _what_lacks(estimate: PairedEstimate, part: BlockContrast, alpha: float) -> str:
    lost = part.divergence
    if part.n_not_tuned and estimate.n < 2:
        return "it was not tuned: every trial of an arm diverged"
    if lost.any_alone:
        return (
            f"runs diverged on one side only in {lost.n_with + lost.n_without} of {lost.n_blocks} "
            "blocks, too few to decide and too many to leave out"
        )
    if lost.n_both and estimate.n < 2:
        return "most runs diverged on both sides"
    if estimate.n < 2:
        return f"of two complete blocks that it needs there {_IS[estimate.n]}"
    if estimate.p != estimate.p:
        return "all blocks show the same difference, which leaves no scale to judge it"
    if estimate.p < alpha:
        return "the difference does not survive the correction for many comparisons"
    return NOTHING_SHOWN
