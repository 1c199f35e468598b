"""What every contestant trains: data, networks and the shape of a timed round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

NETWORKS = ((784, 256, 128, 10), (784, 800, 800, 10), (64, 64, 32, 10))
BATCH_SIZES = (32, 128)
OPTIMIZERS = ("sgd", "adam")
N_EXAMPLES = 2048

Round = Callable[[], object]
"""What is timed: mostly one epoch, N_EXAMPLES rows gathered by a fresh permutation."""


@dataclass(frozen=True)
class Case:
    """One network, batch size and optimizer."""

    sizes: tuple[int, ...]
    batch_size: int
    optimizer: str

    @property
    def name(self) -> str:
        """Return network, batch size and optimizer in words."""
        return f"{'-'.join(map(str, self.sizes))} {self.batch_size} {self.optimizer}"

    @property
    def n_steps(self) -> int:
        """Return the steps of one epoch."""
        return N_EXAMPLES // self.batch_size


def data(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs in [0, 1) and random labels."""
    rng = np.random.default_rng(0)
    x = rng.random((N_EXAMPLES, case.sizes[0]), dtype=np.float32)
    return x, rng.integers(0, case.sizes[-1], N_EXAMPLES)


def cases() -> list[Case]:
    """Return all combinations, in the order of the report."""
    return [Case(s, b, o) for s in NETWORKS for b in BATCH_SIZES for o in OPTIMIZERS]
