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


def analyse(results: StudyResults) -> Tables:
    """Compute all tables of a study.

    Parameters
    ----------
    results : StudyResults
        What the study's stages left.

    Returns
    -------
    dict
        `effects`, `cells`, `with_without`, `interactions`, `variance`, `ranks`, `cell_times` and
        `component_times`, each a table of `experiments.analysis`; those with components have
        `title` (the component in words) and the columns of `with_step_cost`. `cells` has those of
        `with_cell_cost`, `time_to_target_s`, `n_reached_target`, `target`, `mean_rank` and
        `on_front` beside. `counts` are the run counts. Without finished runs all but `counts` have
        no rows, and the same columns.

    Notes
    -----
    Generators are seeded with the study's seed, so that the same results give the same tables.
    """
    study, runs = results.study, _in_order(results)
    margins = {name: study.margin(name) for name in study.datasets}
    shared: dict[str, Any] = {"response": study.response, "alpha": study.alpha}
    side: dict[str, Any] = {"response": study.response}
    effects = analysis.component_effects(
        runs,
        study.factors,
        margins=margins,
        rng=_rng(results, 0),
        correctness=_correct(results),
        own_split=_own_split(results),
        **shared,
    )
    pairs = analysis.interactions(runs, study.factors, margins=margins, **shared)
    cells = analysis.cell_comparison(
        runs, study.factors, margins=margins, rng=_rng(results, 1), **shared
    )
    cells = with_cell_cost(cells, results)
    times = target_times(runs, cells, results)
    confidence = 1 - study.alpha
    tables: Tables = {
        "effects": analysis.with_dependence(effects, pairs),
        "cells": cells,
        "with_without": analysis.with_without(runs, study.factors, confidence=confidence, **side),
        "interactions": pairs,
        "variance": analysis.variance_shares(runs, study.factors, **side),
        "ranks": analysis.rank_table(runs, study.factors, **side),
        "cell_times": analysis.cell_times(times),
        "component_times": analysis.component_times(times, confidence=confidence),
    }
    for name in ("effects", "with_without", "component_times"):
        tables[name] = with_step_cost(_with_title(tables[name], results), results)
    for letter in ("_a", "_b"):
        tables["interactions"] = _with_title(tables["interactions"], results, letter)
    tables["cells"] = _with_times(tables, results.measure.response.sign)
    for name in ("cells", "with_without"):
        tables[name] = with_shared_cores(tables[name], results)
    return {**tables, "counts": run_counts(results)}


def _rng(results: StudyResults, purpose: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([results.study.seed, purpose]))


def _in_order(results: StudyResults) -> pd.DataFrame:
    """Return the runs of measured datasets in the study's order, whatever the files' order."""
    order = {name: place for place, name in enumerate(results.measured)}
    runs = results.runs[results.runs["dataset"].isin(order)]
    place = runs["dataset"].map(order)
    keys = ["_place", "arm", "replicate", "cell", "run_key"]
    return runs.assign(_place=place).sort_values(keys).drop(columns="_place")


def _correct(results: StudyResults) -> analysis.crossed.Correctness:
    """Return which test images each run got right; nothing where another response is asked for."""
    found: dict[str, np.ndarray] = {}
    if results.study.response == "test_accuracy":
        ok = results.runs[results.runs["status"] == "ok"]
        for name in results.measured:
            keys = ok.loc[ok["dataset"] == name, "run_key"]
            found |= analysis.correctness(
                results.predictions[results.predictions["run_key"].isin(keys)]
            )
    return found


def _own_split(results: StudyResults) -> dict[str, float]:
    """Return n_test / n_train of the datasets of which every replicate draws its own test part."""
    shares = {}
    for name in results.measured:
        card, kept = results.cards[name], 1 - results.study.recipes[name].validation_fraction
        if not card.n_test:
            shares[name] = card.n_tested / (kept * card.n_left)
    return shares


def _with_title(table: pd.DataFrame, results: StudyResults, letter: str = "") -> pd.DataFrame:
    factors = {factor.name: factor for factor in results.study.factors}
    pairs = zip(table[f"component{letter}"], table[f"level{letter}"], strict=True)
    return table.assign(**{f"title{letter}": [component_title(factors[c], v) for c, v in pairs]})


def _with_times(tables: Tables, sign: int) -> pd.DataFrame:
    cells = tables["cells"]
    columns = {"median_s": "time_to_target_s", "n_reached": "n_reached_target", "target": "target"}
    side = ["dataset", "cell", "arm"]
    times = tables["cell_times"].rename(columns=columns)[[*side, *columns.values()]]
    ranks = tables["ranks"][["dataset", "cell", "mean_rank"]].assign(arm="cell")
    front = analysis.accuracy_cost(cells, cost="cost_s", sign=sign)
    front = front[["dataset", "cell", "on_front"]].assign(arm="cell")
    for own in (times, front, ranks):
        cells = cells.merge(own, on=side, how="left", validate="1:1")
    return cells.assign(on_front=cells["on_front"].eq(True))
