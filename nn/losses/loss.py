"""What every loss is: logits and targets in, value and gradient out."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np


class Loss(ABC):
    """A mean over the examples of a batch, from logits.

    ``loss(logits, targets)`` returns the value and its gradient with respect to the logits, a
    new or owned array that is valid until the next call. Targets are either class indices (n,)
    or one row of numbers per example (n, n_outputs).
    """

    @abstractmethod
    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Return value and gradient."""


def one_hot(targets: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Return class indices (n,) as rows with a single 1; rows (n, k) pass through.

    With a single output, the classes 0 and 1 are the rows themselves.
    """
    if targets.ndim == like.ndim or like.shape[1] == 1:
        return targets.reshape(like.shape).astype(like.dtype, copy=False)
    rows = np.zeros_like(like)
    rows[np.arange(len(targets)), targets] = 1
    return rows
