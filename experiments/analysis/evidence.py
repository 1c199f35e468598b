"""Evidence: what the blocks of one look say about one comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from experiments.analysis.divergence import Divergence
from experiments.analysis.equivalence import tost_p
from experiments.analysis.paired import standard_error


@dataclass(frozen=True)
class Evidence:
    """What the blocks of one look say about one comparison.

    Attributes
    ----------
    p, q : float
        P-value of "no difference", and TOST's of "no smaller than the margin"; NaN where the
        sample says nothing.
    word : {"helps", "hurts", ""}
        The difference that this look's interval shows, or a divergence on one side.
    equivalent : bool
        Whether this look's interval lies inside the margin.
    """

    p: float
    q: float
    word: Literal["helps", "hurts", ""]
    equivalent: bool


def evidence(
    differences: NDArray[np.float64],
    *,
    margin: float,
    level: float,
    sign: int = 1,
    divergence: Divergence | None = None,
    least_sd: float = 0.0,
    identical: bool = False,
) -> Evidence:
    """Weigh one look's differences.

    Where a block diverged on exactly one side, p is 2 · min(p of t, p of the sign test), at most
    1, so that the comparison stays one member of its family. The survivors' response then shows
    nothing in favour of the side that diverged more often, and no equivalence.

    Parameters
    ----------
    differences : array, shape (n,)
        One per block, in the unit of the margin.
    margin : float
        Equivalence margin, positive.
    level : float
        alpha / K: level of this look's intervals.
    sign : int
        +1 where a higher response is better, −1 where a lower one is.
    divergence : Divergence, optional
        Blocks that diverged on one side; none by default.
    least_sd, identical
        As for `paired_t`.
    """
    lost = divergence or Divergence()
    p, mean = float("nan"), float(np.mean(differences)) if len(differences) else 0.0
    if identical and len(differences) > 1:
        p = 1.0
    elif not np.isnan(se := standard_error(differences, least_sd=least_sd)):
        p = 2 * float(special.stdtr(len(differences) - 1, -abs(mean) / se))
    if not lost.any_alone:
        q = tost_p(differences, margin=margin, least_sd=least_sd, identical=identical)
        return Evidence(p, q, _word(sign * mean) if p < level else "", q < level)
    both = min(1.0, 2 * float(np.nanmin([p, lost.p])))
    more_lost = lost.n_without - lost.n_with
    if 2 * lost.p < level:
        return Evidence(both, float("nan"), _word(more_lost), False)
    shown = 2 * p < level and sign * mean * more_lost >= 0
    return Evidence(both, float("nan"), _word(sign * mean) if shown else "", False)


def _word(advantage: float) -> Literal["helps", "hurts"]:
    return "helps" if advantage > 0 else "hurts"
