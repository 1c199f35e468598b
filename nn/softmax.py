"""From logits to probabilities and classes; training goes through the loss, which takes logits."""

from __future__ import annotations

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return ``exp(z_k) / sum_j exp(z_j)`` along the last axis in a new array.

    Parameters
    ----------
    logits : ndarray, shape (..., n_classes)

    Returns
    -------
    ndarray, same shape and dtype
        Nonnegative, sums to 1 along the last axis.

    Notes
    -----
    The maximum is subtracted first, so that no exponential overflows.

    Examples
    --------
    >>> softmax(np.array([0.0, 0.0, 1e4])).tolist()
    [0.0, 0.0, 1.0]
    """
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def predicted_classes(logits: np.ndarray) -> np.ndarray:
    """Return the most probable class of each row of `logits` (n, n_outputs).

    A single output is the logit of class 1 against class 0.
    """
    return logits.argmax(axis=1) if logits.shape[1] > 1 else (logits[:, 0] > 0).astype(np.intp)
