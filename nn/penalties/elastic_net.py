"""Elastic net: L1 and L2 together."""

from __future__ import annotations

import numpy as np

from nn.penalties.l1 import L1
from nn.penalties.l2 import L2
from nn.penalties.penalty import Penalty


class ElasticNet(Penalty):
    """Elastic net: ``l1 * sum |w| + l2 / 2 * sum w^2``.

    Parameters
    ----------
    l1, l2 : float
        Strengths, not negative.

    References
    ----------
    Zou and Hastie (2005), Regularization and variable selection via the elastic net.
    """

    def __init__(self, l1: float, l2: float) -> None:
        self.l1, self.l2 = L1(l1), L2(l2)

    def value(self, weights: np.ndarray) -> float:
        return self.l1.value(weights) + self.l2.value(weights)

    def _accumulate(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        self.l1._accumulate(weights, gradients, scratch)
        self.l2._accumulate(weights, gradients, scratch)

    def _is_null(self) -> bool:
        return self.l1._is_null() and self.l2._is_null()
