"""How one finished run looks in MLflow: names, params, tags, metrics. Nothing is written here."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.study.store.run_tables import HISTORY
from pipeline.tracking.figures import confusion_matrix, learning_curves
from pipeline.tracking.names import display_name
from pipeline.tracking.record import KEY_TAG, DatasetUse, Point, Record

CURVES = {
    "train_loss": "train/loss",
    "train_accuracy": "train/accuracy",
    "val_loss": "val/loss",
    "val_accuracy": "val/accuracy",
    "learning_rate": "train/learning_rate",
}
FINAL = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
SCALARS = {
    "test_accuracy": "test/accuracy",
    "test_loss": "test/loss",
    "test_errors": "test/errors",
    "best_epoch": "best/epoch",
    "val_accuracy": "best/val_accuracy",
    "val_loss": "best/val_loss",
    "fit_wall_s": "time/fit_wall_s",
    "fit_cpu_s": "time/fit_cpu_s",
    "data_s": "time/data_s",
    "forward_s": "time/forward_s",
    "backward_s": "time/backward_s",
    "update_s": "time/update_s",
    "evaluation_s": "time/evaluation_s",
    "other_s": "time/other_s",
    "diverged_epoch": "diverged/epoch",
    "diverged_step": "diverged/step",
}
_LONGEST_VALUE = 5000  # MLflow refuses longer params and tags


def cells_experiment(study: str, dataset: str) -> str:
    """Return the name of the experiment that holds one run per cell."""
    return f"knockout/{study}/{dataset}"


def runs_experiment(study: str, dataset: str) -> str:
    """Return the name of the experiment that holds one run per replicate."""
    return f"{cells_experiment(study, dataset)}/runs"


def champions_experiment(study: str) -> str:
    """Return the name of the experiment that holds the runs of registered networks."""
    return f"knockout/{study}/champions"


def machine_experiment(study: str) -> str:
    """Return the name of the experiment that holds system metrics."""
    return f"knockout/{study}/machine"


def model_name(study: str, dataset: str) -> str:
    """Return the registered model's name, one per study and dataset."""
    return f"knockout-{study}-{dataset}"


def is_tracked(spec: RunSpec) -> bool:
    """Return whether a run is mirrored: tuning trials stay in their ledger."""
    return spec.arm != "tuning"


def milliseconds(iso: str) -> int:
    """Return an ISO 8601 time in milliseconds since 1970, 0 for an empty text.

    >>> milliseconds("1970-01-01T00:00:01+00:00")
    1000
    """
    return round(datetime.fromisoformat(iso).timestamp() * 1000) if iso else 0


def flat(recipe: Mapping[str, Any], prefix: str = "recipe") -> Iterator[tuple[str, str]]:
    """Yield dotted names and texts of a nested mapping.

    >>> dict(flat({"l2": 0.1, "optimizer": {"adam": {"beta1": 0.9}}}))
    {'recipe.l2': '0.1', 'recipe.optimizer.adam.beta1': '0.9'}
    """
    for name, value in recipe.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{prefix}.{name}")
        else:
            text = value if isinstance(value, str) else json.dumps(value)
            yield f"{prefix}.{name}", text[:_LONGEST_VALUE]


def rounded(value: float) -> float:
    """Return a value to six significant digits: the UI prints all it gets and cuts at ten.

    >>> rounded(0.97833333333)
    0.978333
    """
    return float(f"{value:.6g}")


def curve_points(history: Mapping[str, list[float]], start: int) -> Iterator[Point]:
    """Yield one point per curve and epoch, stamped with the time at which the epoch ended.

    A value that is not finite is kept as NaN: infinity would become 1.8e308 in the store and
    flatten every chart.
    """
    epochs = history.get("epoch", [])
    elapsed = history.get("elapsed_s", [0.0] * len(epochs))
    # A training of the user's own records measures of its own.
    own = {name: f"epoch/{name}" for name in history if name not in HISTORY}
    for source, key in {**CURVES, **own}.items():
        for epoch, seconds, value in zip(epochs, elapsed, history.get(source, []), strict=False):
            shown = rounded(value) if math.isfinite(value) else math.nan
            yield Point(key, shown, start + round(seconds * 1000), int(epoch))


def _scalar_points(result: RunResult, end: int) -> Iterator[Point]:
    values = {key: result.metrics.get(name, math.nan) for name, key in SCALARS.items()}
    for name in FINAL:
        values[f"final/{name}"] = (result.history.get(name) or [math.nan])[-1]
    for key, value in values.items():
        if math.isfinite(value):
            yield Point(key, rounded(value), end, 0)


def _params(spec: RunSpec, result: RunResult) -> dict[str, str]:
    params = {
        **spec.levels,
        "dataset": spec.dataset,
        "cell": spec.cell,
        "replicate": str(spec.replicate),
        "learning_rate": f"{result.metrics.get('learning_rate', math.nan):.6g}",
        **dict(flat(spec.recipe.as_dict())),
    }
    if math.isfinite(count := result.metrics.get("n_parameters", math.nan)):
        params["n_parameters"] = str(int(count))
    return params


def _tags(spec: RunSpec, result: RunResult) -> dict[str, str]:
    tags = {
        KEY_TAG: spec.run_key,
        "study": spec.study,
        "dataset": spec.dataset,
        "cell": spec.cell,
        "arm": spec.arm,
        "outcome": result.status,
        "content_hash": spec.content_hash,
        "source_digest": spec.source_digest,
        "parameters_sha256": result.parameters_sha256,
        **{f"env.{name}": value for name, value in result.environment.items()},
    }
    if result.reason:
        tags["reason"] = result.reason[:_LONGEST_VALUE]
    tags["mlflow.note.content"] = _note(spec, result)[:_LONGEST_VALUE]
    return {name: value for name, value in tags.items() if value}


def _note(spec: RunSpec, result: RunResult) -> str:
    outcome = f"**{result.status}**: {result.reason}. " if result.reason else ""
    return (
        f"{outcome}Replicate {spec.replicate} of **{spec.cell}** on {spec.dataset}. Its cell: "
        f"experiment `{cells_experiment(spec.study, spec.dataset)}`, filter "
        f"`params.cell = '{spec.cell}'`."
    )


def artifacts(spec: RunSpec, result: RunResult) -> dict[str, str]:
    """Return the files that go with a run: configuration, learning curves, confusion matrix."""
    configuration = {
        "study": spec.study,
        "cell": spec.cell,
        "levels": dict(spec.levels),
        "identity": dict(result.identity),
        "environment": dict(result.environment),
        "parameters_sha256": result.parameters_sha256,
    }
    title = f"{spec.dataset}, {spec.cell}, replicate {spec.replicate}"
    files = {"configuration.json": json.dumps(configuration, indent=2, sort_keys=True) + "\n"}
    if result.history.get("train_loss"):
        files["learning_curves.svg"] = learning_curves(result.history, title)
    if len(result.labels):
        files["confusion_matrix.svg"] = confusion_matrix(result.labels, result.predictions, title)
    return files


def run_record(spec: RunSpec, result: RunResult, provenance: Mapping[str, str]) -> Record:
    """Return what MLflow is to hold of one finished run."""
    start = milliseconds(result.started_at)
    seconds = result.metrics.get("fit_wall_s", 0.0)
    # The commit at training, where the result knows it, goes before the one at logging.
    trained_at = result.environment.get("git_commit")
    commit = {"mlflow.source.git.commit": trained_at} if trained_at else {}
    end = start + (round(seconds * 1000) if math.isfinite(seconds) else 0)
    return Record(
        key=spec.run_key,
        name=f"r{spec.replicate} {display_name(spec.cell, spec.levels)}",
        status="FINISHED" if result.status == "ok" else "FAILED",
        start=start,
        end=end,
        params=_params(spec, result),
        tags=_tags(spec, result),
        metrics=(*curve_points(result.history, start), *_scalar_points(result, end)),
        dataset=DatasetUse(spec.dataset, spec.content_hash),
        provenance={**provenance, **commit},
        artifacts=lambda: artifacts(spec, result),
    )
