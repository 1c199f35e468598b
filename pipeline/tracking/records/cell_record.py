"""How one cell looks in MLflow: means over its replicates, verdict, mean curves, a note."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.run.result import RunResult
from experiments.run.run_spec import RunSpec
from pipeline.results.text.measure import Measure
from pipeline.tracking.records.metrics import curve_points, metric_key, scalar_points, span
from pipeline.tracking.records.names import display_name, link
from pipeline.tracking.records.record import NOTE_TAG, DatasetUse, Record, texts_of

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
_VERDICTS = {"helps": 1.0, "equivalent": 0.0, "hurts": -1.0}


def cell_key(spec: RunSpec) -> str:
    """Return what identifies a run's cell in MLflow."""
    return f"{spec.study}/{spec.dataset}/{spec.cell}"


def cell_record(
    pairs: Sequence[tuple[RunSpec, RunResult]],
    row: Mapping[Any, Any],
    *,
    measure: Measure,
    runs_id: str,
) -> Record:
    """Return what MLflow is to hold of one cell.

    Takes its finished runs, its row of the comparison table (empty when there is none yet), and
    the id of the experiment that holds its runs.
    """
    spec, n = pairs[0][0], len(pairs)
    whole = [result for _, result in pairs if result.status == "ok"]
    starts, ends = zip(*(span(result) for _, result in pairs), strict=True)
    scalars = {**_means(whole), **_table_metrics(row, measure)}
    scalars |= {"runs/ok": len(whole), "runs/not_ok": n - len(whole)}
    curves = curve_points(_mean_curves(whole), min(starts))
    name, is_baseline = display_name(spec.cell, spec.levels), row.get("verdict") == "baseline"
    runs = link("", runs_id, searchFilter=f"params.cell = '{spec.cell}'")
    levels = ", ".join(f"{factor} **{level}**" for factor, level in spec.levels.items())
    tags = {
        **texts_of(spec, "study", "dataset", "cell", "arm", "content_hash"),
        # The UI shows two lines and folds the rest away: the answer goes first.
        NOTE_TAG: f"{_answer(row, scalars, measure)}\n\n**{spec.cell}** on {spec.dataset}: "
        f"{levels}. [Its {n} run{'' if n == 1 else 's'}]({runs}).",
    }
    texts = {column: row.get(column) for column in ("verdict", "verdict_reason")}
    return Record(
        key=cell_key(spec),
        name=f"{name} (baseline)" if is_baseline and spec.cell != "baseline" else name,
        status="FINISHED" if whole else "FAILED",
        start=min(starts),
        end=max(ends),
        params={**spec.levels, **texts_of(spec, "dataset", "cell")},
        tags=tags | {column: text for column, text in texts.items() if isinstance(text, str)},
        metrics=(*scalar_points(scalars, max(ends)), *curves),
        dataset=DatasetUse(spec.dataset, spec.content_hash),
    )


def _means(results: Sequence[RunResult]) -> dict[str, float]:
    """Mean over replicates of every scalar, where it is finite."""
    values: dict[str, list[float]] = {}
    for result in results:
        for name, value in result.metrics.items():
            if key := metric_key(name):
                values.setdefault(key, []).extend([value] if math.isfinite(value) else [])
    return {key: _mean(known) for key, known in values.items()}


def _table_metrics(row: Mapping[Any, Any], measure: Measure) -> dict[str, float]:
    names = _NAMES | {"sd_accuracy": f"table/sd_{measure.response.name}"}
    names |= {name: f"{metric_key(measure.column)}{end}" for name, end in _MEANS.items()}
    metrics = {}
    for column, value in row.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            # A difference of 4e-15 pp is the rounding of sums, not a measurement.
            shown = round(value, 4) if column.endswith("_pp") else value
            metrics[names.get(column, f"table/{column}")] = shown
    if row.get("verdict") in _VERDICTS:
        metrics["diff/verdict"] = _VERDICTS[row["verdict"]]
    return {name: value for name, value in metrics.items() if math.isfinite(value)}


def _mean_curves(results: Sequence[RunResult]) -> dict[str, list[float]]:
    """Mean curves over replicates, as long as the longest; finished ones drop out."""
    values: dict[str, dict[float, list[float]]] = {}
    for history in (result.history for result in results):
        for name, curve in history.items():
            column = values.setdefault(name, {})
            for epoch, value in zip(history["epoch"], curve, strict=True):
                column.setdefault(epoch, []).extend([] if math.isnan(value) else [value])
    epochs = sorted(values.get("epoch", ()))
    return {name: [_mean(of.get(e, ())) for e in epochs] for name, of in values.items()}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def _answer(row: Mapping[Any, Any], scalars: Mapping[str, float], measure: Measure) -> str:
    """Return the response, its difference to the baseline and the verdict in one line."""

    def known(*names: str) -> tuple[float, ...]:
        return tuple(scalars.get(name, math.nan) for name in names)

    answer, verdict = "No replicate finished", row.get("verdict")
    if scalars["runs/ok"]:
        means = known(*(f"{metric_key(measure.column)}{end}" for end in _MEANS.values()))
        answer = f"{measure.shown(*means)} {measure.title}"
    if verdict == "baseline":
        answer += "; the **baseline**"
    elif isinstance(verdict, str):
        change = measure.change(*known("diff/pp", "diff/low_pp", "diff/high_pp"))
        amount = f"{change} against the baseline: " if "diff/pp" in scalars else ""
        reason = f" ({row['verdict_reason']})" if row.get("verdict_reason") else ""
        answer += f"; {amount}**{verdict}**{reason}"
    return f"{answer}."
