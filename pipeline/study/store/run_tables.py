"""The tables of one dataset: the plan joined with the store, never a glob."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from experiments.design.plan import Choices
from experiments.design.study import Study
from experiments.design.tuning import Trial, judged
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.store.stored_runs import Pair

METRICS = (
    "learning_rate", "best_epoch", "epochs", "val_accuracy", "val_loss", "test_accuracy",
    "test_errors", "n_test", "n_parameters", "fit_cpu_s", "fit_wall_s", "data_s", "forward_s",
    "backward_s", "update_s", "evaluation_s", "other_s", "shared_cores", "diverged_epoch",
    "diverged_step",
)  # fmt: skip
HISTORY = (
    "epoch", "steps", "train_loss", "train_accuracy", "val_loss", "val_accuracy",
    "learning_rate", "data_s", "forward_s", "backward_s", "update_s", "evaluation_s", "elapsed_s",
)  # fmt: skip
LEDGER_METRICS = ("val_accuracy", "val_loss", "fit_cpu_s", "fit_wall_s")
# What the run was made on: a table may hold runs of several machines.
ENVIRONMENT = (
    "python", "numpy", "blas", "blas_kernels", "blas_threads", "cpu", "cores", "platform",
)  # fmt: skip
ANSWERS = (
    "run_key", "n_classes", "labels", "outputs", "test_index", "val_labels", "val_outputs",
)  # fmt: skip
_CLASSES, _NUMBERS = np.dtype("<u2"), np.dtype("<f8")
_LOGS, _VALUES = np.dtype("<f2"), np.dtype("<f4")


def runs_table(pairs: Iterable[Pair], study: Study) -> pd.DataFrame:
    """Return one row per run: what it is called, how it ended, its tuned values and metrics."""
    names = [factor.name for factor in study.factors]
    tuned = [name for name in study.tuned_fields if name not in METRICS]
    rows = [
        {
            "run_key": spec.run_key,
            "dataset": spec.dataset,
            "cell": spec.cell,
            "arm": spec.arm,
            **{name: spec.levels[name] for name in names},
            "replicate": spec.replicate,
            "status": result.status,
            "reason": result.reason,
            **{f"tuned_{name}": _tuned(spec, name) for name in tuned},
            **{name: result.metrics.get(name, np.nan) for name in METRICS},
            # Not known of a run that another version stored: it may have shared cores.
            "shared_cores": result.environment.get("workers") != "1",
            "parameters_sha256": result.parameters_sha256,
            **{name: result.environment.get(name, "") for name in ENVIRONMENT},
        }
        for spec, result in pairs
    ]
    head = ["run_key", "dataset", "cell", "arm", *names, "replicate", "status", "reason"]
    head += [f"tuned_{name}" for name in tuned]
    return pd.DataFrame(rows, columns=[*head, *METRICS, "parameters_sha256", *ENVIRONMENT])


def _tuned(spec: RunSpec, name: str) -> float:
    return float(spec.tuned.get(name, np.nan)) if spec.state == "ready" else np.nan


def history_table(pairs: Iterable[Pair]) -> pd.DataFrame:
    """Return one row per run and epoch; what a training does not record is missing."""
    curves = [(spec.run_key, result.history) for spec, result in pairs if result.history]
    columns: dict[str, list[object]] = {
        "run_key": [key for key, curve in curves for _ in curve["epoch"]]
    }
    # Column by column: a frame for each run would cost ten times as much as its numbers.
    own = sorted({name for _, curve in curves for name in curve} - {*HISTORY})
    for name in (*HISTORY, *own):
        columns[name] = [
            value
            for _, curve in curves
            for value in curve.get(name, [np.nan] * len(curve["epoch"]))
        ]
    return pd.DataFrame(columns, columns=["run_key", *HISTORY, *own])


def tuning_table(
    trials: Iterable[Trial], results: Mapping[str, RunResult], chosen: Choices, study: Study
) -> pd.DataFrame:
    """Return the ledger: one row per trial and block, its values, chosen and default marked.

    `value` is what chose: the study's response on validation data, of trials with status ok.
    """
    tuned, value = study.tuned_fields or ("learning_rate",), judged(study)
    rows = [
        {
            "run_key": trial.spec.run_key,
            "dataset": trial.spec.dataset,
            "arm": trial.arm.label,
            "tuned": ", ".join(trial.arm.ranges),
            "replicate": trial.spec.replicate,
            "trial": trial.trial,
            **{name: trial.spec.tuned.get(name, np.nan) for name in tuned},
            "value": value(result) if result.status == "ok" else np.nan,
            **{name: result.metrics.get(name, np.nan) for name in LEDGER_METRICS},
            "status": result.status,
            "chosen": chosen.get(trial.place) is trial.spec.tuned,
            "default": trial.trial == 0,
        }
        for trial in trials
        for result in [results[trial.spec.run_key]]
    ]
    head = ["run_key", "dataset", "arm", "tuned", "replicate", "trial", *tuned, "value"]
    return pd.DataFrame(rows, columns=[*head, *LEDGER_METRICS, "status", "chosen", "default"])


def predictions_table(pairs: Iterable[Pair]) -> pd.DataFrame:
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


def answers_in(
    row: Mapping[Any, Any], part: Literal["test", "val"] = "test"
) -> tuple[np.ndarray, np.ndarray]:
    """Return truth and outputs of a row of the predictions table, as a run's result holds them.

    Both arrays are empty without such a part.
    """
    n_classes, prefix = int(row["n_classes"]), "val_" if part == "val" else ""
    truth, answer = (_CLASSES, _LOGS) if n_classes else (_NUMBERS, _VALUES)
    outputs = np.frombuffer(row[f"{prefix}outputs"], answer)
    shaped = outputs.reshape(-1, n_classes) if n_classes else outputs
    return np.frombuffer(row[f"{prefix}labels"], truth), shaped
