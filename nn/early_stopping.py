"""Keep the best epoch's weights, or the last one's, and stop when nothing gets better."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np

from nn.network import Network

Keep = Literal["best", "last"]


class BestEpoch:
    """The state of the network at the best epoch so far, and how long ago that was.

    Better is a higher validation accuracy, then a lower validation loss, then the earlier epoch.

    Parameters
    ----------
    patience : int, optional
        Stop after this many epochs without a better one; None for never.
    keep : {"best", "last"}
        Which epoch's weights ``restore`` leaves in the network.
    """

    def __init__(self, patience: int | None = None, keep: Keep = "best") -> None:
        if keep not in get_args(Keep):
            raise ValueError(f"keep — must be best or last — got {keep!r}. Use best for the usual.")
        self.patience, self.keep = patience, keep
        self.epoch: int | None = None
        self._score = (-np.inf, -np.inf)
        self._state: dict[str, np.ndarray] = {}

    def update(self, network: Network, epoch: int, loss: float, accuracy: float) -> bool:
        """Take an epoch in; return whether training should stop."""
        # Where targets are no classes there is no accuracy: the loss decides.
        score = (0.0 if math.isnan(accuracy) else accuracy, -loss)
        if self.epoch is None or score > self._score:
            self.epoch, self._score = epoch, score
            if self.keep == "best":
                # The old copy goes first, so that there are never two.
                self._state = {}
                self._state = network.state()
        return self.patience is not None and epoch - self.epoch >= self.patience

    def restore(self, network: Network) -> None:
        """Give `network` the weights to keep; without any epoch leave it alone."""
        if self._state:
            network.load_state(self._state)
