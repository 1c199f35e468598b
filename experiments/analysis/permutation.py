"""Sign-flip permutation test of paired differences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.columns import Column

SCHEMA = (
    Column("sign_flip_p", "", "p of the sign-flip test", description=True),
    Column("smallest_p", "", "least p that the sign-flip test can give", description=True),
)
N_RESAMPLES = 9999
# Patterns with the same mean differ in the last bits of their sums.
_ROUNDING = 100 * np.finfo(np.float64).eps


def sign_flip_p(differences: NDArray[np.float64], *, rng: np.random.Generator) -> float:
    """Test "the differences are symmetric about zero" by flipping signs, two-sided.

    All 2^n sign patterns are enumerated up to n = 13 (the test is exact, `rng` is unused);
    beyond, 9999 random patterns give (1 + hits) / (1 + 9999). p is twice that of the rarer side.

    Parameters
    ----------
    differences : array, shape (n,)
        One difference per block.
    rng : numpy.random.Generator
        Draws the sign patterns when n > 13.

    Returns
    -------
    float
        The p-value, at least 2^(1 − n); NaN without a difference.

    Examples
    --------
    >>> sign_flip_p(np.array([0.1, 0.2, 0.3, 0.4, 0.5]), rng=np.random.default_rng(0))
    0.0625
    """
    n = len(differences)
    if n < 2:
        return 1.0 if n else float("nan")
    exact = 2**n <= N_RESAMPLES
    if exact:
        flipped = np.arange(2**n)[:, None] >> np.arange(n) & 1
    else:
        flipped = rng.permuted(np.tile([0, 1], (N_RESAMPLES, n, 1)), axis=-1)[..., 0]
    means = np.where(flipped, -differences, differences).mean(axis=-1)
    observed = differences.mean()
    slack = _ROUNDING * abs(observed)
    hits = min(np.sum(means <= observed + slack), np.sum(means >= observed - slack))
    return min(1.0, 2 * float((hits + (not exact)) / (len(means) + (not exact))))


def sign_flips(differences: NDArray[np.float64], *, rng: np.random.Generator) -> dict[str, float]:
    """Return `SCHEMA` for differences that were drawn once per block."""
    n = len(differences)
    return {
        "sign_flip_p": sign_flip_p(differences, rng=rng),
        "smallest_p": 2.0 ** (1 - n) if n else float("nan"),
    }
