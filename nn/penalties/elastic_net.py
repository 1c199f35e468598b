"""Elastic net: L1 and L2 together."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nn.interval import require
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

    off: ClassVar = {"l1": 0.0, "l2": 0.0}

    def __init__(self, l1: float = 1e-5, l2: float = 1e-4) -> None:
        self.l1 = L1(require("ElasticNet.l1", l1, "[0, inf)"))
        self.l2 = L2(require("ElasticNet.l2", l2, "[0, inf)"))

    def value(self, weights: np.ndarray) -> float:
        return self.l1.value(weights) + self.l2.value(weights)

    def add_gradient(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        self.l1.add_gradient(weights, gradients, scratch)
        self.l2.add_gradient(weights, gradients, scratch)
