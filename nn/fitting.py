"""Train a network on arrays in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.losses import CrossEntropy
from nn.losses.loss import Loss
from nn.minibatches import Minibatches
from nn.network import Network
from nn.optimizers import Adam, Optimizer
from nn.optimizers.bound import BoundOptimizer
from nn.records import Diverged, EpochRecord
from nn.softmax import predicted_classes
from nn.training import Validation, train


def fit(
    network: Network,
    x: np.ndarray,
    y: np.ndarray,
    *,
    rng: np.random.Generator | None,
    optimizer: Optimizer | BoundOptimizer | None = None,
    loss: Loss | None = None,
    epochs: int = 10,
    learning_rate: float | None = None,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
    **options: Any,
) -> list[EpochRecord]:
    """Train `network` in place on arrays, in batches of its own size, to the end.

    Parameters
    ----------
    network : Network
    x : ndarray, shape (n, n_inputs)
        Numbers of any precision; they are converted to the network's.
    y : ndarray, shape (n,) or (n, n_outputs)
        Class indices, or one row of targets per example.
    rng : Generator or None
        Draws the order of the examples; None leaves them in theirs.
    optimizer : Optimizer, optional
        Adam by default.
    loss : Loss, optional
        Softmax cross-entropy by default.
    epochs : int
    learning_rate : float, optional
        The optimizer's default if None.
    validation : (x, y), optional
        Evaluated after each epoch; the network ends with the state of the best one, or with
        the last one's if ``keep="last"``.
    **options
        Others of ``train``: schedule, penalty, clip_norm, max_norm, average, mixup, patience,
        keep.

    Returns
    -------
    list of EpochRecord
        One per epoch.

    Raises
    ------
    ValueError
        If x and y do not fit each other or the network.
    FloatingPointError
        If a loss is not finite; the records of the epochs before are lost with it.

    Examples
    --------
    >>> from nn import Dense, Network, Tanh
    >>> x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    >>> rng = np.random.default_rng(0)
    >>> network = Network([Dense(8), Tanh(), Dense(2)], n_inputs=2, rng=rng)
    >>> records = fit(network, x, y, epochs=100, learning_rate=0.05, rng=rng)
    >>> network.predict(x)
    array([0, 1, 1, 0])
    """
    x, y = checked(network, x, y)
    loss = CrossEntropy() if loss is None else loss
    optimizer = Adam() if optimizer is None else optimizer
    if not epochs >= 0:
        raise ValueError(f"nn.fit.epochs — must be at least 0 — got {epochs}.")
    records: list[EpochRecord] = []
    for record in train(
        network,
        loss,
        optimizer,
        Minibatches(x, y, network.batch_size, rng=rng),
        learning_rate=learning_rate,
        epochs=epochs,
        validation=None if validation is None else evaluation(network, loss, *validation),
        **options,
    ):
        if isinstance(record, Diverged):
            raise FloatingPointError(
                f"nn.fit — the loss must stay finite — got {record.loss} in epoch {record.epoch}. "
                "Scale x or lower learning_rate."
            )
        records.append(record)
    return records


def evaluation(network: Network, loss: Loss, x: np.ndarray, y: np.ndarray) -> Validation:
    """Return a function of the network: its loss and accuracy on (x, y)."""
    x, y = checked(network, x, y)

    def evaluate(network: Network) -> tuple[float, float]:
        logits = network.logits(x)
        accuracy = np.mean(predicted_classes(logits) == y) if y.ndim == 1 else np.nan
        return loss(logits, y)[0], float(accuracy)

    return evaluate


def checked(network: Network, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x and rows of y in the network's precision, class indices as integers.

    Raises
    ------
    ValueError
        If x has other columns than the network inputs, y other rows than x, or y a class that is
        none.
    """
    x, y = np.ascontiguousarray(x, network.dtype), np.asarray(y)
    if x.ndim != 2 or x.shape[1] != network.n_inputs or len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"x, y — must be (n, {network.n_inputs}) and n targets, n at least 1 — got "
            f"{x.shape} and {y.shape}. Reshape images with x.reshape(len(x), -1)."
        )
    n_classes = max(2, network.n_outputs)
    if y.ndim == 1 and not (
        np.issubdtype(y.dtype, np.integer) and 0 <= y.min() <= y.max() < n_classes
    ):
        raise ValueError(
            f"y — must be class indices 0 to {n_classes - 1} — got {y.dtype} from {y.min()} to "
            f"{y.max()}. Number the classes with np.unique(y, return_inverse=True)."
        )
    return x, y.astype(np.intp if y.ndim == 1 else network.dtype)
