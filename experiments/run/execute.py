"""Execute one run: draw its split, train on the clock, read the test part once."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np

from data_loaders.datasets import Dataset
from data_loaders.scaling import Method, Scaling
from data_loaders.split import Split, draw_split
from experiments.run.outputs import check_outputs, compact
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from experiments.run.streams import StreamSet, stream
from experiments.run.task import Task
from experiments.run.trained import Trained

Metrics = dict[str, float]
_LEAST = 1e-12


def execute(spec: RunSpec, dataset: Dataset) -> RunResult:
    """Execute a run and return its result.

    Parameters
    ----------
    spec : RunSpec
        What to run; its recipe is tuned.
    dataset : Dataset
        The dataset with the content hash that the spec names.

    Returns
    -------
    RunResult
        Status "ok", or "diverged" when the recipe says that it did not train.
    """
    return execute_whole(spec, dataset).result


@dataclass(frozen=True)
class Executed:
    """A run's result, and what was trained."""

    result: RunResult
    trained: Trained
    split: Split
    scaling: Scaling


def execute_whole(spec: RunSpec, dataset: Dataset) -> Executed:
    """Execute a run as `execute` does and hand out the trained model too."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    split, scaling = parts(spec, dataset)
    task = Task(dataset, split, scaling, spec.generator)
    cpu, wall = time.process_time(), time.perf_counter()
    trained = spec.recipe.train(task)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    metrics = _known(spec, task, trained) | _times(trained, cpu, wall)
    labels, outputs = _nothing()
    answered = _nothing()
    if not trained.diverged:
        answered, measured = _validate(trained, task)
        metrics = measured | metrics
        # Tuning selects on validation data: its runs never meet the test part.
        if not spec.trial:
            labels, outputs = read_test(trained, dataset, split, scaling)
            metrics |= _test_metrics(labels, outputs)
    result = RunResult(
        run_key=spec.run_key,
        status="diverged" if trained.diverged else "ok",
        reason=trained.diverged,
        identity=spec.identity,
        metrics=metrics,
        history=_columns(task.history),
        labels=labels,
        outputs=outputs,
        test_index=split.test if len(labels) else np.empty(0, np.int64),
        validation_labels=answered[0],
        validation_outputs=answered[1],
        parameters_sha256=trained.parameters_sha256,
        started_at=started,
    )
    return Executed(result, trained, split, scaling)


def task_of(spec: RunSpec, dataset: Dataset) -> Task:
    """Return what the recipe of a run is given."""
    return Task(dataset, *parts(spec, dataset), spec.generator)


def parts(spec: RunSpec, dataset: Dataset) -> tuple[Split, Scaling]:
    """Return a run's split and the scaling that its training part gives.

    Raises
    ------
    ValueError
        If a part of the split would be empty.
    """
    recipe = spec.recipe
    fraction, scaling = recipe.validation_fraction, recipe.scaling
    return _parts(dataset, fraction, scaling, spec.seed, spec.replicate, spec.streams)


# The runs of a block follow each other and share both.
@lru_cache(maxsize=1)
def _parts(
    dataset: Dataset,
    fraction: float,
    scaling: Method,
    seed: int,
    replicate: int,
    streams: StreamSet,
) -> tuple[Split, Scaling]:
    rng = stream(seed, dataset.name, replicate, streams, "split")
    split = draw_split(dataset, validation_fraction=fraction, rng=rng)
    return split, Scaling.fit(dataset.x, split.train, dataset.features, method=scaling)


def read_test(
    trained: Trained, dataset: Dataset, split: Split, scaling: Scaling
) -> tuple[np.ndarray, np.ndarray]:
    """Return the test part's labels and what the model answers there.

    The one place where the test part is read; a run calls it once, after everything that is
    selected was selected on validation data.
    """
    if dataset.x_test is not None and dataset.y_test is not None:
        x, y = dataset.x_test, dataset.y_test
    else:
        x, y = dataset.x, dataset.y
    true, n_classes = np.asarray(y[split.test]), dataset.n_classes
    step = trained.rows or len(true)
    answers = []
    for start in range(0, len(true), step):
        rows = scaling.apply(x[split.test[start : start + step]])
        answer = check_outputs(trained.predict(rows), n=len(rows), n_classes=n_classes)
        answers.append(_kept(answer))
    return true, np.concatenate(answers)


def _kept(answer: np.ndarray) -> np.ndarray:
    return compact(answer) if answer.ndim == 2 else answer.astype(np.float32)


def _nothing() -> tuple[np.ndarray, np.ndarray]:
    return np.empty(0, np.uint8), np.empty((0, 1), np.float16)


def _validate(trained: Trained, task: Task) -> tuple[tuple[np.ndarray, np.ndarray], Metrics]:
    """Return what the model answers on the validation part, and how good; nothing without one.

    The answers are kept, so that any measure of them can select, also one that is added later.
    """
    n_classes, losses = task.n_classes, 0.0
    truths, kept, errors = [], [], 0
    for x, y in task.validation_batches(trained.rows):
        answers = check_outputs(trained.predict(x), n=len(y), n_classes=n_classes)
        truths.append(y)
        kept.append(_kept(answers))
        if not n_classes:
            losses += float(np.square(answers - y).sum())
            continue
        errors += int(np.count_nonzero(answers.argmax(axis=1) != y))
        losses -= float(np.log(np.maximum(answers[np.arange(len(y)), y], _LEAST)).sum())
    if not truths:
        return _nothing(), {}
    truth = np.concatenate(truths)
    metrics = {"val_loss": losses / len(truth)}
    if n_classes:
        metrics["val_accuracy"] = 1 - errors / len(truth)
        truth = truth.astype(np.min_scalar_type(n_classes))
    return (truth, np.concatenate(kept)), metrics


def _known(spec: RunSpec, task: Task, trained: Trained) -> Metrics:
    recipe, metrics = spec.recipe, dict(trained.metrics)
    if recipe.tuned is not None and recipe.tuned_value is not None:
        metrics.setdefault(recipe.tuned, float(recipe.tuned_value))
    if trained.n_parameters is not None:
        metrics["n_parameters"] = float(trained.n_parameters)
    if task.history:
        metrics["epochs"] = float(len(task.history))
    return metrics


def _times(trained: Trained, cpu: float, wall: float) -> Metrics:
    times = {"fit_cpu_s": cpu, "fit_wall_s": wall}
    if trained.phases:
        times |= {**trained.phases, "other_s": wall - sum(trained.phases.values())}
    return times


def _test_metrics(labels: np.ndarray, outputs: np.ndarray) -> Metrics:
    if outputs.ndim == 1:
        return {"n_test": float(len(labels))}
    errors = int((labels != outputs.argmax(axis=1)).sum())
    return {
        "test_accuracy": 1 - errors / len(labels),
        "test_errors": float(errors),
        "n_test": float(len(labels)),
    }


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    """Return one column per measure; NaN where an epoch was recorded without it."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name, math.nan) for row in rows] for name in names}
