"""How one finished run looks in MLflow: names, params, tags, metrics. Nothing is written here."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from experiments.analysis.confusions import confusion_counts
from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.tracking.records.metrics import (
    curve_key,
    curve_points,
    metric_key,
    scalar_points,
    span,
)
from pipeline.tracking.records.names import display_name, link
from pipeline.tracking.records.record import KEY_TAG, NOTE_TAG, DatasetUse, Record, texts_of

_LONGEST_VALUE = 5000  # MLflow refuses longer params and tags


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


def run_record(spec: RunSpec, result: RunResult, cells_id: str) -> Record:
    """Return what MLflow is to hold of a finished run; `cells_id` has the cells' experiment."""
    start, end = span(result)
    scalars = {key: v for name, v in result.metrics.items() if (key := metric_key(name))}
    for name, curve in result.history.items():
        # A schedule's last learning rate says nothing of the run.
        if curve and curve_key(name) and name != "learning_rate":
            scalars[f"final/{name}"] = curve[-1]
    return Record(
        key=spec.run_key,
        name=f"r{spec.replicate} {display_name(spec.cell, spec.levels)}",
        status="FINISHED" if result.status == "ok" else "FAILED",
        start=start,
        end=end,
        params=_params(spec, result),
        tags=_tags(spec, result, cells_id),
        metrics=(*scalar_points(scalars, end), *curve_points(result.history, start)),
        dataset=DatasetUse(spec.dataset, spec.content_hash),
        artifacts=lambda: _artifacts(spec, result),
    )


def _params(spec: RunSpec, result: RunResult) -> dict[str, str]:
    params = {
        **spec.levels,
        **texts_of(spec, "dataset", "cell", "replicate"),
        "learning_rate": f"{result.metrics.get('learning_rate', math.nan):.6g}",
        **dict(flat(spec.recipe.as_dict())),
    }
    if math.isfinite(count := result.metrics.get("n_parameters", math.nan)):
        params["n_parameters"] = str(int(count))
    return params


def _tags(spec: RunSpec, result: RunResult, cells_id: str) -> dict[str, str]:
    outcome = f"**{result.status}**: {result.reason}. " if result.reason else ""
    cell = link("", cells_id, searchFilter=f"params.cell = '{spec.cell}'")
    note = f"{outcome}Replicate {spec.replicate} of [{spec.cell}]({cell}) on {spec.dataset}."
    tags = {
        **texts_of(spec, "study", "dataset", "cell", "arm", "content_hash"),
        **texts_of(spec, KEY_TAG, "source_digest"),
        "outcome": result.status,
        "parameters_sha256": result.parameters_sha256,
        **{f"env.{name}": value for name, value in result.environment.items()},
        "reason": result.reason[:_LONGEST_VALUE],
        NOTE_TAG: note[:_LONGEST_VALUE],
    }
    return {name: value for name, value in tags.items() if value}


def _artifacts(spec: RunSpec, result: RunResult) -> dict[str, str]:
    """Return the files that go with a run; the UI draws its curves and shows CSV as a table."""
    configuration = {
        **texts_of(spec, "study", "cell"),
        "levels": dict(spec.levels),
        "identity": dict(result.identity),
        "environment": dict(result.environment),
        "parameters_sha256": result.parameters_sha256,
    }
    files = {"configuration.json": json.dumps(configuration, indent=2, sort_keys=True) + "\n"}
    if len(labels := result.labels) and labels.dtype.kind in "iu":
        predictions = result.predictions
        n = int(max(labels.max(), predictions.max())) + 1
        counts = confusion_counts(labels, predictions, n).tolist()
        rows = [["true \\ predicted", *range(n)], *([i, *row] for i, row in enumerate(counts))]
        files["confusion_matrix.csv"] = "".join(",".join(map(str, row)) + "\n" for row in rows)
    return files
