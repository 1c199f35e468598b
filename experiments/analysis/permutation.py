"""Sign-flip permutation test of paired differences."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.columns import Column

SCHEMA = (
    Column("sign_flip_p", "", "p of the sign-flip test", description=True),
    Column("smallest_p", "", "least p that the sign-flip test can give", description=True),
)
EXACT_UP_TO = 12
N_RESAMPLES = 9999


def sign_flip_p(differences: NDArray[np.float64], *, rng: np.random.Generator) -> float:
    """Test "the differences are symmetric about zero" by flipping signs, two-sided.

    All 2^n sign patterns are enumerated up to n = 12 (the test is exact, `rng` is unused);
    beyond, 9999 random patterns give (1 + hits) / (1 + 9999).

    Parameters
    ----------
    differences : array, shape (n,)
        One difference per block.
    rng : numpy.random.Generator
        Draws the sign patterns when n > 12.

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
    from scipy.stats import permutation_test

    n_resamples = np.inf if n <= EXACT_UP_TO else N_RESAMPLES
    test = permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        n_resamples=n_resamples,
        vectorized=True,
        rng=rng,
    )
    return float(test.pvalue)


def sign_flips(differences: NDArray[np.float64], *, rng: np.random.Generator) -> dict[str, float]:
    """Return `SCHEMA` for differences that were drawn once per block."""
    n = len(differences)
    return {
        "sign_flip_p": sign_flip_p(differences, rng=rng),
        "smallest_p": 2.0 ** (1 - n) if n else float("nan"),
    }
