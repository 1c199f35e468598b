"""Which classes runs gave their test examples, read from the predictions table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.study.store.run_tables import answers_in


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of several runs, one run after the other: (n_answers,) each.

    `index` says which image was asked about.
    """

    index: NDArray[np.int64]
    labels: NDArray[np.uint16]
    guesses: NDArray[np.uint16]
    n_runs: int


def answers_of(predictions: pd.DataFrame, run_keys: Collection[str]) -> Answers:
    """Return the answers of these runs, in the table's order; none where numbers are predicted."""
    asked = predictions["run_key"].isin(run_keys) & (predictions["n_classes"] > 0)
    rows = predictions[asked]
    known = [answers_in(row) for row in rows.to_dict("records")]
    nothing = np.empty(0, np.uint16)
    return Answers(
        np.frombuffer(b"".join(rows["test_index"]), np.int64),
        np.concatenate([nothing, *(labels for labels, _ in known)]),
        np.concatenate([nothing, *(o.argmax(axis=1).astype(np.uint16) for _, o in known)]),
        len(rows),
    )
