"""The scikit-learn estimator; the only file of this library that imports scikit-learn."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from nn.activations import ACTIVATIONS
from nn.fitting import fit
from nn.interval import require_integer
from nn.layers import Dense, Dropout, Layer
from nn.network import Network
from nn.optimizers import OPTIMIZERS, BoundOptimizer
from nn.penalties import L2
from nn.softmax import softmax


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

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "hidden": ["array-like"],
        "activation": [StrOptions(set(ACTIVATIONS))],
        "optimizer": [StrOptions(set(OPTIMIZERS))],
        "learning_rate": [Interval(Real, 0, None, closed="neither"), None],
        "epochs": [Interval(Integral, 1, None, closed="left")],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "l2": [Interval(Real, 0, None, closed="left")],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "patience": [Interval(Integral, 1, None, closed="left"), None],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "random_state": ["random_state"],
    }

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
        self._validate_params()
        X, codes = self._validated(X, y, reset=True, classes=None)
        self._start(X)
        validation = None
        if self.patience is not None:
            n_held = max(1, round(self.validation_fraction * len(X)))
            if n_held >= len(X):
                raise ValueError(
                    f"NetworkClassifier — holds {n_held} rows out for patience — got {len(X)} rows "
                    "in all. Set patience=None."
                )
            held, kept = np.split(self._order.permutation(len(X)), [n_held])
            validation = X[held], codes[held]
            X, codes = X[kept], codes[kept]
        self._train(X, codes, epochs=self.epochs, validation=validation, patience=self.patience)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Train one epoch on; the first call names all `classes` if y does not hold them all."""
        self._validate_params()
        first = not hasattr(self, "network_")
        X, codes = self._validated(X, y, reset=first, classes=classes if first else self.classes_)
        if first:
            self._start(X)
        self._train(X, codes, epochs=1)
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
        for i, width in enumerate(self.hidden):
            require_integer(f"NetworkClassifier.hidden[{i}]", width, "[1, inf)")
            layers += [Dense(width), ACTIVATIONS[self.activation](), Dropout(self.dropout)]
        self.network_ = Network(
            [*layers, Dense(len(self.classes_))],
            n_inputs=X.shape[1],
            batch_size=self.batch_size,
            rng=init,
            dropout_rng=dropout,
            dtype=X.dtype,
        )
        self._optimizer = BoundOptimizer(OPTIMIZERS[self.optimizer](), self.network_)
        self.history_: list[Any] = []

    def _train(self, X: np.ndarray, y: np.ndarray, **options: Any) -> None:
        self.history_ += fit(
            self.network_,
            X,
            y,
            rng=self._order,
            optimizer=self._optimizer,
            learning_rate=self.learning_rate,
            penalty=L2(self.l2) if self.l2 else None,
            **options,
        )
        self.n_iter_ = len(self.history_)
