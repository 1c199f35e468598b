"""Max-norm constraint on the incoming weights of each unit."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def constrain_max_norm(weights: Iterable[np.ndarray], max_norm: float) -> None:
    """Shrink in place each column of each (n_in, n_out) matrix to norm `max_norm` at most.

    References
    ----------
    Srivastava et al. (2014), Dropout, section 5.1.
    """
    for matrix in weights:
        norms = np.sqrt(np.einsum("ij,ij->j", matrix, matrix))
        if (norms > max_norm).any():
            matrix *= max_norm / np.maximum(norms, max_norm)
