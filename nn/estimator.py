"""The scikit-learn estimator; the only file of this library that imports scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from nn.activations import ACTIVATIONS
from nn.layers import Dense, Dropout, Layer
from nn.losses import CrossEntropy
from nn.network import Network
from nn.optimizers import OPTIMIZERS
from nn.penalties import L2
from nn.records import Diverged
from nn.softmax import softmax
from nn.training import train


class NetworkClassifier(ClassifierMixin, BaseEstimator):
    """A fully connected network as a scikit-learn classifier.

    Parameters
    ----------
    hidden : tuple of int
        Units of the hidden layers.
    activation, optimizer : str
        Names in ``nn.ACTIVATIONS`` and ``nn.OPTIMIZERS``.
    learning_rate : float, optional
        The optimizer's default if None.
    epochs, batch_size : int
    l2 : float
        Strength of the L2 penalty on the weights.
    dropout : float
        Rate after each hidden layer.
    patience : int, optional
        Hold `validation_fraction` of the examples out, stop after so many epochs without a
        better accuracy on them and keep the best epoch's weights. None trains all epochs on all.
    validation_fraction : float
    random_state : int, RandomState or None

    Attributes
    ----------
    classes_ : ndarray
    network_ : Network
        In the precision of the X that it was fitted on: pass float32 to train fast.
    history_ : list of EpochRecord
    n_iter_ : int
        Epochs trained.

    Notes
    -----
    Sample weights are not supported, so that ``fit`` does not take them.
    """

    def __init__(
        self,
        hidden: tuple[int, ...] = (100,),
        *,
        activation: str = "relu",
        optimizer: str = "adam",
        learning_rate: float | None = None,
        epochs: int = 100,
        batch_size: int = 32,
        l2: float = 0.0,
        dropout: float = 0.0,
        patience: int | None = None,
        validation_fraction: float = 0.1,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.l2 = l2
        self.dropout = dropout
        self.patience = patience
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Train from new weights on X (n, n_features) and the class labels y (n,)."""
        X, codes = self._validated(X, y, reset=True, classes=None)
        self._start(X)
        self._train(X, codes, self.epochs)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Train one epoch on; the first call names all `classes` if y does not hold them all."""
        first = not hasattr(self, "network_")
        X, codes = self._validated(X, y, reset=first, classes=classes if first else self.classes_)
        if first:
            self._start(X)
        self._train(X.astype(self.network_.dtype, copy=False), codes, 1, hold_out=False)
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return class probabilities (n, n_classes), columns as in ``classes_``."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return softmax(self.network_.logits(X))

    def predict(self, X: Any) -> np.ndarray:
        """Return the most probable label of each row."""
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(axis=1)]

    def _validated(
        self, X: Any, y: Any, *, reset: bool, classes: Any
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return X and the labels as indices into ``classes_``."""
        X, y = validate_data(self, X, y, dtype=[np.float64, np.float32], order="C", reset=reset)
        check_classification_targets(y)
        if reset:
            self.classes_ = np.unique(y if classes is None else classes)
        codes = np.searchsorted(self.classes_, y)
        codes = np.minimum(codes, len(self.classes_) - 1)
        unknown = np.unique(y[self.classes_[codes] != y])
        if len(unknown):
            raise ValueError(
                f"y — must hold the classes {list(self.classes_)} — got {list(unknown)}. "
                "Name all classes in the first call of partial_fit."
            )
        return X, codes

    def _start(self, X: np.ndarray) -> None:
        """Build network, optimizer and generators anew."""
        seed = check_random_state(self.random_state).randint(2**31)
        init, self._order, dropout = (
            np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3)
        )
        layers: list[Layer] = []
        for width in self.hidden:
            layers += [Dense(width), ACTIVATIONS[self.activation](), Dropout(self.dropout)]
        self.network_ = Network(
            [*layers, Dense(len(self.classes_))],
            n_inputs=X.shape[1],
            batch_size=self.batch_size,
            rng=init,
            dropout_rng=dropout,
            dtype=X.dtype,
        )
        self._optimizer = OPTIMIZERS[self.optimizer](
            self.network_.n_parameters, n_weights=len(self.network_.weights), dtype=X.dtype
        )
        self.history_: list[Any] = []

    def _train(self, X: np.ndarray, y: np.ndarray, epochs: int, hold_out: bool = True) -> None:
        validation = None
        if self.patience is not None and hold_out:
            n_held = max(1, round(self.validation_fraction * len(X)))
            order = self._order.permutation(len(X))
            held, kept = order[:n_held], order[n_held:]
            X_held, y_held, X, y = X[held], y[held], X[kept], y[kept]
            score = CrossEntropy()

            def validation(network: Network) -> tuple[float, float]:
                logits = network.logits(X_held)
                correct = logits.argmax(axis=1) == y_held
                return score(logits, y_held)[0], float(correct.mean())

        rate = self.learning_rate
        for record in train(
            self.network_,
            CrossEntropy(),
            self._optimizer,
            _Shuffled(X, y, self.batch_size, self._order),
            learning_rate=self._optimizer.default_learning_rate if rate is None else rate,
            epochs=epochs,
            penalty=L2(self.l2) if self.l2 else None,
            validation=validation,
            patience=self.patience,
        ):
            if isinstance(record, Diverged):
                raise ValueError(
                    f"NetworkClassifier — the loss must stay finite — got {record.loss} in epoch "
                    f"{record.epoch}. Scale X or lower learning_rate."
                )
            self.history_.append(record)
        self.n_iter_ = len(self.history_)


class _Shuffled:
    """Batches of in-memory rows, in a new order each epoch; the last one may be short."""

    def __init__(self, X: np.ndarray, y: np.ndarray, size: int, rng: np.random.Generator) -> None:
        self._X, self._y, self._size, self._rng = X, y, size, rng
        self._buffer = np.empty((size, X.shape[1]), X.dtype)

    def __len__(self) -> int:
        return -(-len(self._X) // self._size)

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        order = self._rng.permutation(len(self._X))
        for start in range(0, len(order), self._size):
            chosen = order[start : start + self._size]
            x = self._buffer[: len(chosen)]
            np.take(self._X, chosen, axis=0, out=x, mode="clip")
            yield x, self._y[chosen]
