"""Random orthogonal matrices."""

from __future__ import annotations

import numpy as np

from nn.interval import require


def orthogonal(
    shape: tuple[int, int], *, rng: np.random.Generator, gain: float = 1.0
) -> np.ndarray:
    """Draw `gain` times a matrix with orthonormal columns (or rows, whichever are fewer).

    Parameters
    ----------
    shape : (n_in, n_out)
    rng : Generator
    gain : float

    Returns
    -------
    ndarray, float64

    Notes
    -----
    The Q of a QR decomposition of normal draws, each column's sign fixed by the diagonal of R:
    without that Q is not uniform (Mezzadri 2007).

    References
    ----------
    Saxe, McClelland and Ganguli (2014), Exact solutions to the nonlinear dynamics of learning.
    """
    require("orthogonal.gain", gain, "(-inf, inf)")
    n_in, n_out = shape
    q, r = np.linalg.qr(rng.normal(size=(max(shape), min(shape))))
    q *= np.sign(np.diag(r))
    return gain * (q if n_in >= n_out else q.T)
