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

    def _update(self, learning_rate: float, chunk: Chunk) -> None:
        self._accumulate(chunk)
        self._descend(learning_rate, chunk, chunk.states[1])
