"""Diverged runs: the exact sign test on blocks in which exactly one side diverged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special


@dataclass(frozen=True)
class Divergence:
    """Blocks in which exactly one side of a comparison diverged, and their number in all.

    Attributes
    ----------
    n_with, n_without : int
        Blocks in which only the side with the level, or only the one without it, diverged.
    n_both : int
        Blocks in which both did.
    n_blocks : int
        Blocks that were run.
    """

    n_with: int = 0
    n_without: int = 0
    n_both: int = 0
    n_blocks: int = 0

    @property
    def any_alone(self) -> bool:
        """Whether some block diverged on one side only."""
        return self.n_with + self.n_without > 0

    @property
    def p(self) -> float:
        """Two-sided exact p of "either side is as likely to be the one that diverges".

        2 · P(Binomial(m, 1/2) ≤ min(n_with, n_without)), at most 1, m = n_with + n_without: one
        block gives 1, five of five 1/16.
        """
        m = self.n_with + self.n_without
        fewer = min(self.n_with, self.n_without)
        return min(1.0, 2 * float(special.bdtr(fewer, m, 0.5))) if m else 1.0


def divergence(
    diverged: NDArray[np.bool_], ended: NDArray[np.bool_], weights: NDArray[np.float64]
) -> Divergence:
    """Count the blocks in which exactly one side diverged.

    A side diverged in a block when more than half of its runs did.

    Parameters
    ----------
    diverged, ended : array of bool, shape (n_blocks, n_cells)
        Whether the run diverged, and whether it is there at all.
    weights : array, shape (n_cells,)
        Positive for cells with the level, negative for those without it.

    References
    ----------
    Arbuthnott (1710); Dixon and Mood (1946), "The statistical sign test".
    """
    sides = [weights > 0, weights < 0]
    if not all(side.any() for side in sides):
        return Divergence()
    lost = [diverged[:, side].mean(axis=1) > 0.5 for side in sides]
    run = ended[:, weights != 0].any(axis=1)
    return Divergence(
        int((lost[0] & ~lost[1]).sum()),
        int((lost[1] & ~lost[0]).sum()),
        int((lost[0] & lost[1]).sum()),
        int(run.sum()),
    )
