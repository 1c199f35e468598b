"""The few numbers per dataset that `dvc metrics` shows and compares."""

from __future__ import annotations

import math

import pandas as pd

from experiments.analysis import best_cell
from pipeline.results.study_results import StudyResults, Tables


def metrics(results: StudyResults, tables: Tables) -> dict[str, dict[str, float]]:
    """Return a flat mapping of numbers per dataset, those that are unknown left out.

    `best_<response>` is the mean of the cell that validation data chose, `baseline_<response>`
    the baseline's, of the primary response and every secondary one (`best_test_accuracy`);
    `effect_pp_<component>` are the main effects in the response's unit; `placebo_pp` should be
    near zero.
    """
    counts = {row["dataset"]: row for row in tables["counts"].to_dict("records")}
    out: dict[str, dict[str, float]] = {}
    for dataset in results.cards:
        runs = {f"runs_{kind}": int(counts[dataset][kind]) for kind in ("ok", "diverged")}
        lost = int(counts[dataset]["failed"]) + int(counts[dataset]["missing"])
        numbers = _cells(tables["cells"], dataset, results)
        numbers |= _effects(tables, results, dataset)
        rounded = {k: round(float(v), 6) for k, v in numbers.items() if math.isfinite(v)}
        out[dataset] = {**rounded, **runs, "runs_lost": lost}
    return out


def _cells(cells: pd.DataFrame, dataset: str, results: StudyResults) -> dict[str, float]:
    rows = cells[cells["dataset"] == dataset]
    real, placebo = rows[rows["arm"] == "cell"], rows[rows["arm"] == "placebo"]
    measure = results.measure
    best = real[real["cell"] == best_cell(real, sign=measure.response.sign)]
    base = real[real["is_baseline"].eq(True)]
    shown = {
        f"best_{measure.column}": best["mean_accuracy"],
        f"baseline_{measure.column}": base["mean_accuracy"],
        **{f"best_{m.column}": best[m.column] for m in results.secondary},
        **{f"baseline_{m.column}": base[m.column] for m in results.secondary},
        "baseline_fit_cpu_s": base["fit_cpu_s"],
        "placebo_pp": placebo["difference_pp"],
    }
    return {name: float(values.iloc[0]) for name, values in shown.items() if len(values)}


def _effects(tables: Tables, results: StudyResults, dataset: str) -> dict[str, float]:
    effects, baseline = tables["effects"], results.study.baseline
    many = effects.groupby("component")["level"].nunique()
    found = {}
    for row in effects[effects["dataset"] == dataset].to_dict("records"):
        component, level, against = (str(row[c]) for c in ("component", "level", "null_level"))
        name = level if many[component] > 1 else component
        if against != baseline[component]:
            name = f"{level}_vs_{against}"
        found[f"effect_pp_{name}"] = row["effect_pp"]
    return found
