"""Every table of a study, computed once: the analysis joined with measured step costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments import analysis
from pipeline.results.study_results import StudyResults
from pipeline.results.tables.costs import with_cell_cost, with_step_cost
from pipeline.results.tables.counts import run_counts
from pipeline.results.tables.times import target_times, with_shared_cores
from pipeline.results.text.titles import component_title

Tables = dict[str, pd.DataFrame]
NAMES = (
    *("effects", "cells", "with_without", "interactions", "variance", "ranks"),
    *("cell_times", "component_times", "front"),
)


def analyse(results: StudyResults) -> Tables:
    """Compute all tables of a study.

    Parameters
    ----------
    results : StudyResults
        What the study's stages left.

    Returns
    -------
    dict
        `NAMES`, each a table of `experiments.analysis` with `title` (the component in words) and
        step-cost columns where there are any, and `counts`. A table that nothing can be said in
        is empty.

    Notes
    -----
    Generators are seeded with the study's seed, so that the same results give the same tables.
    """
    counts = run_counts(results)
    if results.runs.empty or not results.measured:
        return {**{name: pd.DataFrame() for name in NAMES}, "counts": counts}
    runs, factors = _in_order(results), results.factors
    shared: dict[str, Any] = {
        "margins": results.margins,
        "response": results.primary,
        "alpha": results.alpha,
    }
    confidence = 1 - results.alpha
    cells = analysis.cell_comparison(runs, factors, rng=_rng(results, 1), **shared)
    cells = with_cell_cost(cells, results)
    tables: Tables = {
        "effects": analysis.component_effects(
            runs, factors, rng=_rng(results, 0), correctness=_correct(results), **shared
        ),
        "with_without": analysis.with_without(
            runs, factors, response=results.primary, confidence=confidence
        ),
        "interactions": analysis.interactions(runs, factors, **shared),
        "variance": analysis.variance_shares(runs, factors, response=results.primary),
        "ranks": analysis.rank_table(runs, factors, response=results.primary),
        "front": analysis.accuracy_cost(cells, cost="cost_s"),
    }
    if results.history.empty:
        tables |= {"cell_times": pd.DataFrame(), "component_times": pd.DataFrame()}
    else:
        times = target_times(runs, cells, results)
        tables["cell_times"] = analysis.cell_times(times)
        tables["component_times"] = analysis.component_times(times, confidence=confidence)
    for name in ("effects", "with_without", "component_times"):
        tables[name] = with_step_cost(_with_title(tables[name], results), results)
    for side in ("_a", "_b"):
        tables["interactions"] = _with_title(tables["interactions"], results, side)
    tables["cells"] = _with_times(cells, tables)
    for name in ("cells", "with_without", "cell_times", "component_times"):
        tables[name] = with_shared_cores(tables[name], results)
    return {**tables, "counts": counts}


def _rng(results: StudyResults, purpose: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([results.seed, purpose]))


def _in_order(results: StudyResults) -> pd.DataFrame:
    """Return the runs of measured datasets in the study's order, whatever the files' order."""
    order = {name: place for place, name in enumerate(results.measured)}
    runs = results.runs[results.runs["dataset"].isin(order)]
    place = runs["dataset"].map(order)
    keys = ["_place", "arm", "replicate", "cell", "run_key"]
    return runs.assign(_place=place).sort_values(keys).drop(columns="_place")


def _correct(results: StudyResults) -> analysis.crossed.Correctness:
    """Return which test images each run got right; nothing where another response is asked for."""
    if results.predictions.empty or results.primary != "test_accuracy":
        return {}
    found: dict[str, np.ndarray] = {}
    ok = results.runs[results.runs["status"] == "ok"]
    for name in results.measured:
        keys = ok.loc[ok["dataset"] == name, "run_key"]
        part = results.predictions[results.predictions["run_key"].isin(keys)]
        if len(part):
            found |= analysis.correctness(part)
    return found


def _with_title(table: pd.DataFrame, results: StudyResults, side: str = "") -> pd.DataFrame:
    if table.empty:
        return table
    factors = {factor.name: factor for factor in results.factors}
    pairs = zip(table[f"component{side}"], table[f"level{side}"], strict=True)
    return table.assign(**{f"title{side}": [component_title(factors[c], v) for c, v in pairs]})


def _with_times(cells: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    times = tables["cell_times"]
    columns = {"median_s": "time_to_target_s", "n_reached": "n_reached_target", "target": "target"}
    side = ["dataset", "cell", "arm"]
    if times.empty:
        cells = cells.assign(**dict.fromkeys(columns.values(), np.nan))
    else:
        times = times.rename(columns=columns)[[*side, *columns.values()]]
        cells = cells.merge(times, on=side, how="left", validate="1:1")
    for name, column in (("front", "on_front"), ("ranks", "mean_rank")):
        own = tables[name][["dataset", "cell", column]].assign(arm="cell")
        cells = cells.merge(own, on=side, how="left", validate="1:1")
    return cells.assign(on_front=cells["on_front"].fillna(value=False).astype(bool))
