"""Numbers to predict, brought to the size that a new network's answers have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from nn.stepper import Batch
from nn.training import Batches


@dataclass(frozen=True)
class StandardTargets:
    """The map t = (y - mean) / deviation, which gives the training part's numbers variance 1.

    A learning rate then means the same whatever unit the numbers have: with the progression of
    diabetes as it stands, around 150, plain SGD diverges at its usual rate.

    Parameters
    ----------
    mean, deviation : float
        Of the training part; deviation 1 where all numbers are the same.
    """

    mean: float
    deviation: float

    @classmethod
    def fit(cls, y: np.ndarray) -> StandardTargets:
        """Fit to the training part's numbers, shape (n,)."""
        return cls(float(y.mean(dtype=np.float64)), float(y.std(dtype=np.float64)) or 1.0)

    def apply(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield batches with standard targets."""
        for x, y in batches:
            yield x, ((y - self.mean) / self.deviation).astype(np.float32)

    def restore(self, answers: np.ndarray) -> np.ndarray:
        """Return a network's answers in the unit of the numbers, float64."""
        return answers.astype(np.float64) * self.deviation + self.mean


@dataclass(frozen=True)
class StandardBatches:
    """Batches whose every iteration has standard targets."""

    batches: Batches
    targets: StandardTargets

    def __iter__(self) -> Iterator[Batch]:
        """Yield the batches of an epoch."""
        return self.targets.apply(self.batches)

    def __len__(self) -> int:
        """How many batches an epoch has."""
        return len(self.batches)
