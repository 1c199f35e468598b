"""Adam: running means of gradient and square."""

from __future__ import annotations

from nn.optimizers.moments import Moments
from nn.optimizers.optimizer import Chunk


class Adam(Moments):
    """Adam: ``w <- w - lr m^ / (sqrt(v^) + eps)``, m^ and v^ as in ``Moments``.

    References
    ----------
    Kingma and Ba (2015), Adam, algorithm 1.
    """

    def update(self, chunk: Chunk, learning_rate: float, step: int) -> None:
        self._accumulate(chunk)
        self._descend(chunk, learning_rate, step, chunk.states[1])
