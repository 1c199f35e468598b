"""What runs answered on their test parts, read from the predictions table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of several runs, one run after the other.

    Parameters
    ----------
    index : array of int64, shape (n_answers,)
        Which image was asked about.
    labels, guesses : arrays of uint8, shape (n_answers,)
        True and predicted class.
    n_runs : int
        How many runs answered.
    """

    index: NDArray[np.int64]
    labels: NDArray[np.uint8]
    guesses: NDArray[np.uint8]
    n_runs: int


def answers_of(predictions: pd.DataFrame, run_keys: Collection[str]) -> Answers:
    """Return the answers of these runs, in the table's order."""
    rows = predictions[predictions["run_key"].isin(run_keys)] if len(predictions) else predictions
    parts = {name: b"".join(rows[name]) if len(rows) else b""
             for name in ("test_index", "labels", "predictions")}  # fmt: skip
    return Answers(
        np.frombuffer(parts["test_index"], np.int64),
        np.frombuffer(parts["labels"], np.uint8),
        np.frombuffer(parts["predictions"], np.uint8),
        len(rows),
    )
