"""Mean squared error."""

from __future__ import annotations

import numpy as np

from nn.losses.loss import Loss, one_hot


class MeanSquaredError(Loss):
    """Mean squared error: ``L = mean_ik (z_ik - t_ik)^2``, gradient ``2 (z - t) / (n k)``.

    The mean runs over examples and outputs. Class indices are taken as one-hot rows.
    """

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        difference = logits - one_hot(targets, logits)
        value = float(np.mean(difference * difference))
        difference *= 2 / difference.size
        return value, difference
