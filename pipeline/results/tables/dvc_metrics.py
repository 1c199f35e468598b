"""The few numbers per dataset that `dvc metrics` shows and compares."""

from __future__ import annotations

import math

import pandas as pd

from experiments.analysis import best_cell
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables
from pipeline.results.text.measure import Measure


def metrics(results: StudyResults, tables: Tables) -> dict[str, dict[str, float]]:
    """Return a flat mapping of numbers per dataset, those that are unknown left out.

    `best_test_accuracy` is the mean of the cell that validation data chose,
    `baseline_test_accuracy` the baseline's,
    `effect_pp_<component>` the main effects; `placebo_pp` should be near zero.
    """
    counts = {row["dataset"]: row for row in tables["counts"].to_dict("records")}
    out: dict[str, dict[str, float]] = {}
    for dataset in results.cards:
        runs = {f"runs_{kind}": int(counts[dataset][kind]) for kind in ("ok", "diverged")}
        lost = int(counts[dataset]["failed"]) + int(counts[dataset]["missing"])
        numbers = _cells(tables["cells"], dataset, results.measure)
        numbers |= _effects(tables, dataset)
        rounded = {k: round(float(v), 6) for k, v in numbers.items() if math.isfinite(v)}
        out[dataset] = {**rounded, **runs, "runs_lost": lost}
    return out


def _cells(cells: pd.DataFrame, dataset: str, measure: Measure) -> dict[str, float]:
    rows = cells[cells["dataset"] == dataset]
    real, placebo = rows[rows["arm"] == "cell"], rows[rows["arm"] == "placebo"]
    best = real[real["cell"] == best_cell(real, sign=measure.response.sign)]
    base = real[real["is_baseline"].eq(True)]
    shown = {
        f"best_{measure.column}": best["mean_accuracy"],
        f"baseline_{measure.column}": base["mean_accuracy"],
        "baseline_fit_cpu_s": base["fit_cpu_s"],
        "placebo_pp": placebo["difference_pp"],
    }
    return {name: float(values.iloc[0]) for name, values in shown.items() if len(values)}


def _effects(tables: Tables, dataset: str) -> dict[str, float]:
    effects = tables["effects"]
    rows = effects[effects["dataset"] == dataset].to_dict("records")
    many = effects.groupby("component")["level"].nunique()
    return {
        f"effect_pp_{r['level'] if many[r['component']] > 1 else r['component']}": r["effect_pp"]
        for r in rows
    }
