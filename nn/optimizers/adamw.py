"""AdamW: Adam with decoupled weight decay."""

from __future__ import annotations

import numpy as np

from nn.optimizers.moments import Moments
from nn.optimizers.optimizer import Chunk
from nn.optimizers.ranges import not_negative


class AdamW(Moments):
    """AdamW: ``w <- (1 - lr weight_decay) w - lr m^ / (sqrt(v^) + eps)``, decay on weights only.

    Parameters
    ----------
    beta1, beta2, epsilon : float
        As in ``Moments``.
    weight_decay : float
        Acts on the first `n_weights` parameters; at 0 this is Adam, bit by bit.

    References
    ----------
    Loshchilov and Hutter (2019), Decoupled weight decay regularization, algorithm 2.
    """

    def __init__(
        self,
        n_parameters: int,
        *,
        n_weights: int | None = None,
        dtype: np.typing.DTypeLike = np.float32,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(
            n_parameters,
            n_weights=n_weights,
            dtype=dtype,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
        )
        self.weight_decay = not_negative("AdamW.weight_decay", weight_decay)

    def _update(self, learning_rate: float, chunk: Chunk) -> None:
        self._accumulate(chunk)
        self._descend(learning_rate, chunk, chunk.states[1])
