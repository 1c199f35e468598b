"""Weight averaging: an exponential moving average of the parameters."""

from __future__ import annotations

import numpy as np


class ExponentialAverage:
    """Keep ``a <- decay a + (1 - decay) w``, without bias towards the start.

    Parameters
    ----------
    decay : float
        In [0, 1); at 0 the average is the last parameters, bit by bit.

    Attributes
    ----------
    values : ndarray
        The average; empty before the first update.

    Notes
    -----
    At step t the decay is at most ``t / (t + 9)`` (as TensorFlow's ExponentialMovingAverage),
    so that early averages follow the parameters.

    References
    ----------
    Polyak and Juditsky (1992), Acceleration of stochastic approximation by averaging.
    """

    def __init__(self, decay: float) -> None:
        if not 0 <= decay < 1:
            raise ValueError(f"average — must lie in [0, 1) — got {decay}. Use 0 for off.")
        self.decay = decay
        self._n_updates = 0
        self.values = np.empty(0)

    def update(self, parameters: np.ndarray) -> None:
        """Take one step's `parameters` in."""
        if self._n_updates == 0:
            self.values = parameters.copy()
        decay = min(self.decay, self._n_updates / (self._n_updates + 9))
        self._n_updates += 1
        self.values *= decay
        self.values += (1 - decay) * parameters

    def swap(self, parameters: np.ndarray) -> None:
        """Exchange `parameters` and the average in place; a second call undoes the first."""
        if self._n_updates:
            held = parameters.copy()
            parameters[...] = self.values
            self.values[...] = held
