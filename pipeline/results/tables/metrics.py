"""The few numbers per dataset that `dvc metrics` shows and compares."""

from __future__ import annotations

import math

import pandas as pd

from pipeline.results.study_results import StudyResults
from pipeline.results.tables.analyse import Tables


def metrics(results: StudyResults, tables: Tables) -> dict[str, dict[str, float]]:
    """Return a flat mapping of numbers per dataset, those that are unknown left out.

    `best_test_accuracy` is the highest cell mean, `baseline_test_accuracy` the baseline's mean,
    `effect_pp_<component>` the main effects; `placebo_pp` should be near zero.
    """
    counts = {row["dataset"]: row for row in tables["counts"].to_dict("records")}
    out: dict[str, dict[str, float]] = {}
    for dataset in results.cards:
        own = {f"runs_{kind}": int(counts[dataset][kind]) for kind in ("ok", "diverged")}
        lost = int(counts[dataset]["failed"]) + int(counts[dataset]["missing"])
        numbers = _cells(tables["cells"], dataset, results.study.response)
        numbers |= _effects(tables, dataset)
        rounded = {k: round(float(v), 6) for k, v in numbers.items() if math.isfinite(v)}
        out[dataset] = {**rounded, **own, "runs_lost": lost}
    return out


def _cells(cells: pd.DataFrame, dataset: str, primary: str) -> dict[str, float]:
    rows = cells[cells["dataset"] == dataset]
    real, placebo = rows[rows["arm"] == "cell"], rows[rows["arm"] == "placebo"]
    base = real[real["is_baseline"]]
    found = {f"best_{primary}": float(real["mean_accuracy"].max())}
    if len(base):
        found[f"baseline_{primary}"] = float(base["mean_accuracy"].iloc[0])
        found["baseline_fit_cpu_s"] = float(base["fit_cpu_s"].iloc[0])
    if len(placebo):
        found["placebo_pp"] = float(placebo["difference_pp"].iloc[0])
    return found


def _effects(tables: Tables, dataset: str) -> dict[str, float]:
    effects = tables["effects"]
    rows = effects[effects["dataset"] == dataset].to_dict("records")
    many = effects.groupby("component")["level"].nunique()
    return {
        f"effect_pp_{r['level'] if many[r['component']] > 1 else r['component']}": r["effect_pp"]
        for r in rows
    }
