"""What a training hands back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Trained:
    """A trained model: what it predicts, and whatever else is known of it.

    Parameters
    ----------
    predict : callable
        From scaled rows (n, features), float32, to class probabilities (n, n_classes), or to
        values (n,) where the target is a number. It answers each row for itself.
    rows : int, optional
        How many rows `predict` is given at a time; all at once by default.
    model : object, optional
        The model itself. Of the house's own networks the best is kept.
    n_parameters : int, optional
        How many values were fitted.
    metrics : mapping of str to float
        Scalars of the run, by names of the training's own choosing.
    phases : mapping of str to float
        Wall seconds of parts of the training; what they leave of the whole is shown as other.
    parameters_sha256 : str
        Hash of the fitted values, so that a model trained again can be verified.
    diverged : str
        Why the training came to nothing; empty when it did not. Such a run is a result: this
        recipe does not train.
    """

    predict: Callable[[np.ndarray], Any]
    rows: int | None = None
    model: Any = None
    n_parameters: int | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    phases: Mapping[str, float] = field(default_factory=dict)
    parameters_sha256: str = ""
    diverged: str = ""
