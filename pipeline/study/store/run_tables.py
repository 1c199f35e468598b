"""The tables of one dataset: the plan joined with the store, never a glob."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from experiments.design.study import Study
from experiments.design.tuning import Choices, Trial, judged
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec

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
Pair = tuple[RunSpec, RunResult]


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
