"""AdamW: Adam with decoupled weight decay."""

from __future__ import annotations

from nn.interval import require
from nn.optimizers.moments import Moments
from nn.optimizers.optimizer import Chunk


class AdamW(Moments):
    """AdamW: ``w <- (1 - lr weight_decay) w - lr m^ / (sqrt(v^) + eps)``, decay on weights only.

    Parameters
    ----------
    beta1, beta2, epsilon : float
        As in ``Moments``.
    weight_decay : float
        Acts on the weights alone, never on biases; at 0 this is Adam, bit by bit.

    References
    ----------
    Loshchilov and Hutter (2019), Decoupled weight decay regularization, algorithm 2.
    """

    def __init__(
        self,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(beta1=beta1, beta2=beta2, epsilon=epsilon)
        self.weight_decay = require("AdamW.weight_decay", weight_decay, "[0, inf)")

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        self._accumulate(chunk)
        self._descend(chunk, learning_rate, step, chunk.states[1])
