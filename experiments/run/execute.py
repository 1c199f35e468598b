"""Execute one run: set it up, train it, read the test part once."""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np

from data_loaders.datasets import Dataset
from experiments.run.environment import environment
from experiments.run.evaluation import evaluate, read_test
from experiments.run.result import RunResult
from experiments.run.run_setup import RunSetup, set_up
from experiments.run.run_spec import RunSpec
from nn.records import Diverged, EpochRecord

PHASES = ("data_s", "forward_s", "backward_s", "update_s", "evaluation_s")
Metrics = dict[str, float]


def execute(spec: RunSpec, dataset: Dataset) -> RunResult:
    """Execute a run and return its result.

    Parameters
    ----------
    spec : RunSpec
        What to run; its recipe has a learning rate.
    dataset : Dataset
        The dataset with the content hash that the spec names.

    Returns
    -------
    RunResult
        Status "ok", or "diverged" when a loss became non-finite.
    """
    return execute_whole(spec, dataset).result


@dataclass(frozen=True)
class Executed:
    """A run's result and what made it; the network is trained now."""

    result: RunResult
    setup: RunSetup


def execute_whole(spec: RunSpec, dataset: Dataset) -> Executed:
    """Execute a run as `execute` does and hand out the trained network too."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    setup = set_up(spec, dataset)
    records, diverged, metrics = _train(setup, dataset)
    labels = predictions = np.empty(0, np.uint8)
    # Tuning selects on validation data: its runs never meet the test part.
    if diverged is None and spec.arm != "tuning":
        labels, predictions = read_test(setup.network, dataset, setup.split, setup.scaling)
        metrics |= _test_metrics(labels, predictions)
    result = RunResult(
        run_key=spec.run_key,
        status="ok" if diverged is None else "diverged",
        reason="" if diverged is None else _reason(diverged),
        identity=spec.identity,
        metrics=metrics,
        history=_history(records),
        labels=labels,
        predictions=predictions,
        test_index=setup.split.test if len(labels) else np.empty(0, np.int64),
        parameters_sha256=hashlib.sha256(setup.network.parameters.tobytes()).hexdigest(),
        started_at=started,
        environment=environment(),
    )
    return Executed(result, setup)


def _train(setup: RunSetup, dataset: Dataset) -> tuple[list[EpochRecord], Diverged | None, Metrics]:
    """Train the network; return its epochs, whether it diverged, and what is known of it then."""
    training = setup.train(
        validation=partial(
            evaluate,
            loss=setup.spec.recipe.loss.make(),
            dataset=dataset,
            indices=setup.split.validation,
            scaling=setup.scaling,
        )
    )
    cpu, wall = time.process_time(), time.perf_counter()
    events = list(training)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    records = [event for event in events if isinstance(event, EpochRecord)]
    diverged = events[-1] if isinstance(events[-1], Diverged) else None
    metrics = {
        "learning_rate": setup.learning_rate,
        "n_parameters": float(setup.network.n_parameters),
        "epochs": float(len(records)),
        "diverged_epoch": float(diverged.epoch) if diverged else math.nan,
        "diverged_step": float(diverged.step) if diverged else math.nan,
        **_times(records, cpu, wall),
    }
    return records, diverged, metrics if diverged else metrics | _best_epoch(records)


def _times(records: Sequence[EpochRecord], cpu: float, wall: float) -> Metrics:
    phases = {name: sum(getattr(record, name) for record in records) for name in PHASES}
    other = wall - sum(phases.values())
    return {**phases, "other_s": other, "fit_cpu_s": cpu, "fit_wall_s": wall}


def _best_epoch(records: Sequence[EpochRecord]) -> Metrics:
    best = records[(records[-1].best_epoch or 1) - 1]
    return {
        "best_epoch": float(best.epoch),
        "val_accuracy": best.val_accuracy,
        "val_loss": best.val_loss,
    }


def _test_metrics(labels: np.ndarray, predictions: np.ndarray) -> Metrics:
    errors = int((labels != predictions).sum())
    return {
        "test_accuracy": 1 - errors / len(labels),
        "test_errors": float(errors),
        "n_test": float(len(labels)),
    }


def _history(records: Sequence[EpochRecord]) -> dict[str, list[float]]:
    rows: list[dict[str, Any]] = [asdict(record) for record in records]
    names = [name for name in (rows[0] if rows else ()) if name != "best_epoch"]
    return {name: [row[name] for row in rows] for name in names}


def _reason(diverged: Diverged) -> str:
    return f"the loss became {diverged.loss} in epoch {diverged.epoch} at step {diverged.step}"
