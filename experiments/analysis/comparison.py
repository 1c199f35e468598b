"""One paired comparison in full: estimate, tests and probability, before the correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.equivalence import tost_p
from experiments.analysis.improvement import probability_of_improvement
from experiments.analysis.multiplicity import holm
from experiments.analysis.paired import PairedEstimate, paired_t
from experiments.analysis.permutation import sign_flip_p
from experiments.analysis.verdicts import Divergence, decide

PP = 100.0  # percentage points per unit of a fraction


@dataclass(frozen=True)
class Comparison:
    """A contrast with everything that one comparison yields; differences in pp."""

    estimate: PairedEstimate
    row: Mapping[str, float]
    divergence: Divergence


def compare(
    part: BlockContrast,
    *,
    margin: float,
    rng: np.random.Generator,
    confidence: float = 0.95,
) -> Comparison:
    """Estimate and test a contrast of a response in [0, 1].

    Parameters
    ----------
    part : BlockContrast
        The contrast per block.
    margin : float
        Equivalence margin in percentage points.
    rng : numpy.random.Generator
        For the sign-flip test beyond 12 blocks.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    Comparison
        `row` holds `n, effect_pp, ci_low_pp, ci_high_pp, p, sign_flip_p, smallest_p, d_z,
        d_z_low, d_z_high, p_better, p_better_low, p_better_high, margin_pp, p_equivalence,
        n_missing, n_diverged`.
    """
    differences = part.per_block * PP
    estimate = paired_t(differences, confidence=confidence)
    better = probability_of_improvement(part.units, confidence=confidence)
    row = {
        "n": estimate.n,
        "effect_pp": estimate.mean,
        "ci_low_pp": estimate.ci_low,
        "ci_high_pp": estimate.ci_high,
        "p": estimate.p,
        "sign_flip_p": sign_flip_p(differences, rng=rng),
        "smallest_p": 2.0 ** (1 - estimate.n) if estimate.n else np.nan,
        "d_z": estimate.d_z,
        "d_z_low": estimate.d_z_low,
        "d_z_high": estimate.d_z_high,
        "p_better": better.probability,
        "p_better_low": better.low,
        "p_better_high": better.high,
        "margin_pp": margin,
        "p_equivalence": tost_p(differences, margin=margin),
        "n_missing": part.n_missing,
        "n_diverged": part.n_diverged,
    }
    return Comparison(estimate, row, part.divergence)


def judge(
    rows: pd.DataFrame, comparisons: list[Comparison], *, family: str, alpha: float
) -> pd.DataFrame:
    """Correct the rows' p as one family and give the verdicts.

    Adds `p_adjusted, family, family_size, alpha, verdict, verdict_reason` to a copy of `rows`,
    whose i-th row belongs to the i-th comparison.
    """
    adjusted = holm(rows["p"])
    verdicts = [
        decide(
            item.estimate,
            p_adjusted=p,
            p_equivalence=item.row["p_equivalence"],
            divergence=item.divergence,
            alpha=alpha,
        )
        for item, p in zip(comparisons, adjusted, strict=True)
    ]
    return rows.assign(
        p_adjusted=adjusted,
        family=family,
        family_size=int(np.isfinite(adjusted).sum()),
        alpha=alpha,
        verdict=[verdict.word for verdict in verdicts],
        verdict_reason=[verdict.reason for verdict in verdicts],
    )


def margin_of(margins: Mapping[str, float], dataset: str) -> float:
    """Return the dataset's equivalence margin in pp.

    Raises
    ------
    ValueError
        If the dataset has none, or it is not positive.
    """
    margin = margins.get(dataset)
    if margin is None or not margin > 0:
        raise ValueError(
            f"the equivalence margin of {dataset} must be a positive number of percentage points; "
            f"got {margin}. Name one per dataset in params.yaml."
        )
    return float(margin)
