"""How one cell looks in MLflow: means over its replicates, verdict, mean curves, a note."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.results.text.measure import Measure
from pipeline.tracking.records.cell_note import cell_note
from pipeline.tracking.records.links import filter_link
from pipeline.tracking.records.metrics import (
    curve_points,
    metric_key,
    milliseconds,
    scalar_points,
)
from pipeline.tracking.records.names import display_name
from pipeline.tracking.records.record import NOTE_TAG, DatasetUse, Record

Pair = tuple[RunSpec, RunResult]

# Columns of the comparison table under the names that read well as columns of the UI; those of
# the mean follow the response, any other numeric column is shown as `table/<column>`.
_NAMES = {
    "difference_pp": "diff/pp",
    "difference_ci_low_pp": "diff/low_pp",
    "difference_ci_high_pp": "diff/high_pp",
    "p_better": "diff/p_better",
    "p_adjusted": "diff/p_adjusted",
    "fit_wall_s": "time/fit_wall_s",
    "fit_cpu_s": "time/fit_cpu_s",
}
_MEANS = {"mean_accuracy": "", "mean_ci_low": "_low", "mean_ci_high": "_high"}
VERDICTS = {"helps": 1.0, "equivalent": 0.0, "hurts": -1.0}
_TEXT_COLUMNS = ("verdict", "verdict_reason")


def cell_key(spec: RunSpec) -> str:
    """Return what identifies a run's cell in MLflow."""
    return f"{spec.study}/{spec.dataset}/{spec.cell}"


def cells_by_name(table: pd.DataFrame | None) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the comparison table's rows by dataset and cell."""
    if table is None or table.empty:
        return {}
    rows = [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]
    return {(row["dataset"], row["cell"]): row for row in rows}


def cell_record(
    pairs: Sequence[Pair],
    row: Mapping[str, Any],
    provenance: Mapping[str, str],
    *,
    measure: Measure,
    runs_id: str,
) -> Record:
    """Return what MLflow is to hold of one cell.

    Parameters
    ----------
    pairs : sequence of (RunSpec, RunResult)
        The cell's finished runs.
    row : mapping
        Its row of the comparison table; empty when there is none yet.
    provenance : mapping of str to str
        Tags that tie to the revision.
    measure : Measure
        What the study judges by.
    runs_id : str
        Id of the experiment that holds its runs.
    """
    spec = pairs[0][0]
    whole = [result for _, result in pairs if result.status == "ok"]
    start = min(milliseconds(result.started_at) for _, result in pairs)
    end = max(milliseconds(r.started_at) + _wall_ms(r) for _, r in pairs)
    scalars = {**_means(whole), **_table_metrics(row, spec, measure)}
    scalars["runs/ok"] = float(len(whole))
    scalars["runs/not_ok"] = float(len(pairs) - len(whole))
    runs_link = filter_link(runs_id, f"params.cell = '{spec.cell}'")
    note = cell_note(pairs, row, scalars, measure=measure, runs_link=runs_link)
    return Record(
        key=cell_key(spec),
        name=_name(spec, row),
        status="FINISHED" if whole else "FAILED",
        start=start,
        end=end,
        params={**spec.levels, "dataset": spec.dataset, "cell": spec.cell},
        tags=_tags(spec, row, note),
        metrics=(*curve_points(_mean_history(whole), start), *scalar_points(scalars, end)),
        dataset=DatasetUse(spec.dataset, spec.content_hash),
        provenance=provenance,
    )


def _name(spec: RunSpec, row: Mapping[str, Any]) -> str:
    name = display_name(spec.cell, spec.levels)
    is_baseline = row.get("verdict") == "baseline" and spec.cell != "baseline"
    return f"{name} (baseline)" if is_baseline else name


def _wall_ms(result: RunResult) -> int:
    seconds = result.metrics.get("fit_wall_s", 0.0)
    return round(seconds * 1000) if math.isfinite(seconds) else 0


def _means(results: Sequence[RunResult]) -> dict[str, float]:
    """Mean over replicates of every scalar that at least one of them has."""
    means = {}
    for name in dict.fromkeys(name for result in results for name in result.metrics):
        values = [result.metrics.get(name, math.nan) for result in results]
        finite = [value for value in values if math.isfinite(value)]
        if finite and (key := metric_key(name)) is not None:
            means[key] = float(np.mean(finite))
    return means


def _table_metrics(row: Mapping[str, Any], spec: RunSpec, measure: Measure) -> dict[str, float]:
    names = _NAMES | {"sd_accuracy": f"table/sd_{measure.response.name}"}
    names |= {name: f"{metric_key(measure.column)}{end}" for name, end in _MEANS.items()}
    metrics = {}
    for column, value in row.items():
        if column in spec.levels or isinstance(value, bool | str) or value is None:
            continue
        if isinstance(value, int | float | np.number) and math.isfinite(value):
            # A difference of 4e-15 pp is the rounding of sums, not a measurement.
            shown = round(float(value), 4) if column.endswith("_pp") else float(value)
            metrics[names.get(column, f"table/{column}")] = shown
    if row.get("verdict") in VERDICTS:
        metrics["diff/verdict"] = VERDICTS[row["verdict"]]
    return metrics


def _mean_history(results: Sequence[RunResult]) -> dict[str, list[float]]:
    """Mean curves over replicates, as long as the longest; finished ones drop out."""
    longest = max((len(result.history.get("epoch", [])) for result in results), default=0)
    names = {name for result in results for name in result.history} - {"epoch"}
    means: dict[str, list[float]] = {"epoch": [float(n) for n in _epochs(results, longest)]}
    for name in sorted(names):
        stack = np.full((len(results), longest), np.nan)
        for i, result in enumerate(results):
            values = result.history.get(name, [])
            stack[i, : len(values)] = values
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an epoch without any value
            means[name] = [float(value) for value in np.nanmean(stack, axis=0)]
    if "elapsed_s" in means:
        means["elapsed_s"] = [
            value if math.isfinite(value) else 0.0 for value in means["elapsed_s"]
        ]
    return means


def _epochs(results: Sequence[RunResult], longest: int) -> Sequence[float]:
    for result in results:
        if len(epochs := result.history.get("epoch", [])) == longest:
            return epochs
    return []


def _tags(spec: RunSpec, row: Mapping[str, Any], note: str) -> dict[str, str]:
    tags = {
        "study": spec.study,
        "dataset": spec.dataset,
        "cell": spec.cell,
        "arm": spec.arm,
        "content_hash": spec.content_hash,
        NOTE_TAG: note,
    }
    for column in _TEXT_COLUMNS:
        if isinstance(row.get(column), str):
            tags[column] = row[column]
    return tags
