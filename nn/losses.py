"""Losses from logits: each returns its value and its gradient."""

from __future__ import annotations

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return exp(z_j) / sum_k exp(z_k) for each row, a new array.

    Examples
    --------
    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    shifted /= shifted.sum(axis=1, keepdims=True)
    return np.asarray(shifted)


class CrossEntropy:
    """Softmax cross-entropy L = mean_i [log sum_k exp(z_ik) - z_i,y_i].

    Gradient: dL/dz = (softmax(z) - onehot(y)) / n.

    Notes
    -----
    The largest logit of each row is subtracted first: nothing overflows, and no logarithm
    of a vanished probability is taken.
    """

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the mean loss and its gradient.

        Parameters
        ----------
        logits : ndarray, shape (n, k)
            Left as it is.
        targets : ndarray of int, shape (n,)
            True classes.

        Returns
        -------
        tuple
            The value and a new array of shape (n, k).
        """
        rows = np.arange(len(logits))
        gradient = logits - logits.max(axis=1, keepdims=True)
        at_target = gradient[rows, targets]
        np.exp(gradient, out=gradient)
        total = gradient.sum(axis=1)
        value = float(np.mean(np.log(total) - at_target))
        gradient /= total[:, None]
        gradient[rows, targets] -= 1
        gradient /= gradient.dtype.type(len(logits))
        return value, gradient


class MeanSquaredError:
    """L = mean over examples and classes of (z - onehot(y))**2.

    Gradient: dL/dz = 2 (z - onehot(y)) / (n k).
    """

    def __call__(self, logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the mean loss and its gradient; shapes as for `CrossEntropy`."""
        gradient = logits.copy()
        gradient[np.arange(len(logits)), targets] -= 1
        value = float(np.mean(np.square(gradient)))
        gradient *= gradient.dtype.type(2 / gradient.size)
        return value, gradient


LOSSES = {"cross_entropy": CrossEntropy, "mse": MeanSquaredError}
