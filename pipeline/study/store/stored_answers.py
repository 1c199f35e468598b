"""What runs answered, as a table: any response can be computed of it, without training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec

Part = Literal["test", "val"]
ANSWERS = (
    "run_key", "n_classes", "labels", "outputs", "test_index", "val_labels", "val_outputs",
)  # fmt: skip
_CLASSES, _NUMBERS = np.dtype("<u2"), np.dtype("<f8")
_LOGS, _VALUES = np.dtype("<f2"), np.dtype("<f4")


def predictions_table(pairs: Iterable[tuple[RunSpec, RunResult]]) -> pd.DataFrame:
    """Return each tested run's labels and answers on its test and validation part: `ANSWERS`.

    Arrays are bytes: labels uint16, or float64 numbers where `n_classes` is 0; outputs logarithms
    of probabilities in float16, row by row, or float32 numbers; `test_index` int64.
    """
    # Runs of a block have the same labels and indices: one object for all of them, not
    # 100 kB for each run on MNIST.
    known: dict[bytes, bytes] = {}

    def shared(array: np.ndarray, dtype: np.dtype) -> bytes:
        content = array.astype(dtype).tobytes()
        return known.setdefault(content, content)

    rows = []
    for spec, result in pairs:
        if not len(result.labels):
            continue
        n_classes = result.outputs.shape[1] if result.outputs.ndim == 2 else 0
        truth, answer = (_CLASSES, _LOGS) if n_classes else (_NUMBERS, _VALUES)
        rows.append(
            {
                "run_key": spec.run_key,
                "n_classes": n_classes,
                "labels": shared(result.labels, truth),
                "outputs": result.outputs.astype(answer).tobytes(),
                "test_index": shared(result.test_index, np.dtype("<i8")),
                "val_labels": shared(result.validation_labels, truth),
                "val_outputs": result.validation_outputs.astype(answer).tobytes(),
            }
        )
    return pd.DataFrame(rows, columns=list(ANSWERS))


def answers_in(row: Mapping[Any, Any], part: Part = "test") -> tuple[np.ndarray, np.ndarray]:
    """Return truth and outputs of a row of the predictions table, as a run's result holds them.

    Both arrays are empty without such a part.
    """
    n_classes, prefix = int(row["n_classes"]), "val_" if part == "val" else ""
    truth, answer = (_CLASSES, _LOGS) if n_classes else (_NUMBERS, _VALUES)
    outputs = np.frombuffer(row[f"{prefix}outputs"], answer)
    shaped = outputs.reshape(-1, n_classes) if n_classes else outputs
    return np.frombuffer(row[f"{prefix}labels"], truth), shaped
