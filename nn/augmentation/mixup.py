"""Mixup: train on convex combinations of examples."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.interval import require


class Mixup:
    """Mix each batch with a permutation of itself: ``lam x + (1 - lam) x'``, targets alike.

    Parameters
    ----------
    alpha : float
        ``lam ~ Beta(alpha, alpha)``, one per batch; at 0 the batch comes back untouched and
        nothing is drawn.

    References
    ----------
    Zhang et al. (2018), mixup: beyond empirical risk minimization, section 2.
    """

    off: ClassVar = {"alpha": 0}

    def __init__(self, alpha: float = 0.2) -> None:
        self.alpha = require("Mixup.alpha", alpha, "[0, inf)")

    def __call__(
        self, x: np.ndarray, targets: np.ndarray, *, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return mixed inputs (n, …) and targets (n, n_classes) in new arrays."""
        if self.alpha == 0:
            return x, targets
        share = float(rng.beta(self.alpha, self.alpha))
        partner = rng.permutation(len(x))
        return (
            share * x + (1 - share) * x[partner],
            share * targets + (1 - share) * targets[partner],
        )
