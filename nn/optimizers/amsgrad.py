"""AMSGrad: Adam whose rates never grow again."""

from __future__ import annotations

import numpy as np

from nn.optimizers.moments import Moments
from nn.optimizers.optimizer import Chunk


class AMSGrad(Moments):
    """AMSGrad: Adam with the largest v so far in the place of v.

    The maximum is taken before the bias correction, which stays outside as in PyTorch.

    References
    ----------
    Reddi, Kale and Kumar (2018), On the convergence of Adam and beyond, algorithm 2.
    """

    n_states = 3

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        _, v, largest = chunk.states
        self._accumulate(chunk)
        np.maximum(largest, v, out=largest)
        self._descend(chunk, learning_rate, step, largest)
