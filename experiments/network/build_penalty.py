"""Several penalties as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.run.component import Component
from nn.penalties.penalty import Penalty


class Penalties(Penalty):
    """The sum of penalties: each adds its gradient in turn.

    Parameters
    ----------
    penalties : sequence of Penalty
        At least one.
    """

    def __init__(self, penalties: Sequence[Penalty]) -> None:
        self._penalties = tuple(penalties)

    def value(self, weights: np.ndarray) -> float:
        return sum(penalty.value(weights) for penalty in self._penalties)

    def add_gradient(self, weights: np.ndarray, gradients: np.ndarray, scratch: np.ndarray) -> None:
        for penalty in self._penalties:
            penalty.add_gradient(weights, gradients, scratch)


def build_penalty(components: Sequence[Component]) -> Penalty | None:
    """Return what the components add to the loss, None without any."""
    penalties: list[Penalty] = [component.make() for component in components]
    if len(penalties) > 1:
        return Penalties(penalties)
    return penalties[0] if penalties else None
