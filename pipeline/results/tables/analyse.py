"""Every table of a study, computed once: the analysis joined with measured step costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments import analysis
from experiments.design.study import Study
from pipeline.results import judgement
from pipeline.results.scored_runs import example_values
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.tables.costs import with_cell_cost, with_step_cost
from pipeline.results.tables.counts import run_counts
from pipeline.results.tables.times import target_times
from pipeline.results.text.titles import component_title

_CELL = ["dataset", "cell", "arm"]


def analyse(results: StudyResults) -> Tables:
    """Compute all tables of a study.

    Returns
    -------
    dict
        `effects`, `cells`, `with_without`, `secondary` (with_without of every secondary response),
        `interactions`, `variance`, `ranks`, `cell_times` and `component_times`, each a table of
        `experiments.analysis`; those with components have
        `title` (the component in words) and the columns of `with_step_cost`. `cells` has those of
        `with_cell_cost`, `time_to_target_s`, `n_reached_target`, `target`, `mean_rank` and
        `on_front` beside. `counts` are the run counts. Without finished runs all but `counts` have
        no rows, and the same columns.

    Notes
    -----
    Generators are seeded with the study's seed, so that the same results give the same tables.
    """
    study, runs = results.study, _in_order(results)
    factors, tested = study.factors, judgement.tested(study)
    effects = analysis.component_effects(
        runs,
        factors,
        rng=_rng(results, 0),
        examples=example_values(runs, results.predictions, study.response, study.measure),
        own_split=_own_split(results),
        contrasts=study.contrasts,
        **tested,
    )
    pairs = analysis.interactions(runs, factors, **tested)
    cells = with_cell_cost(judgement.cells(study, runs, rng=_rng(results, 1)), results)
    cells = _with_secondary(cells, study, runs)
    times = target_times(runs, cells, results)
    sides = _with_without(study, runs, study.response)
    secondary = [_with_without(study, runs, column) for column in study.secondary]
    tables: Tables = {
        "effects": analysis.with_dependence(effects, pairs),
        "cells": cells,
        "with_without": sides,
        "secondary": pd.concat([sides.iloc[:0], *secondary], ignore_index=True),
        "interactions": pairs,
        "variance": analysis.variance_shares(runs, factors, **judgement.blocks(study)),
        "ranks": analysis.rank_table(runs, factors, **judgement.measured(study)),
        "cell_times": analysis.cell_times(times),
        "component_times": analysis.component_times(times, confidence=1 - study.alpha),
    }
    tables["secondary"] = _with_title(tables["secondary"], results)
    for name in ("effects", "with_without", "component_times"):
        tables[name] = with_step_cost(_with_title(tables[name], results), results)
    for letter in ("_a", "_b"):
        tables["interactions"] = _with_title(tables["interactions"], results, letter)
    tables["cells"] = _with_times(tables, results.measure.response.sign)
    for name in ("cells", "with_without"):
        shared = tables[name]["dataset"].map(results.shared_cores)
        tables[name] = tables[name].assign(shared_cores=shared)
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


def _with_without(study: Study, runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return with and without each component, by one response."""
    return analysis.with_without(
        runs,
        study.factors,
        confidence=1 - study.alpha,
        contrasts=study.contrasts,
        **judgement.measured(study, column),
    )


def _with_secondary(cells: pd.DataFrame, study: Study, runs: pd.DataFrame) -> pd.DataFrame:
    """Add `<response>`, `<response>_low` and `<response>_high` of every secondary response."""
    for column in study.secondary:
        measured = judgement.measured(study, column)
        means = analysis.cell_means(runs, study.factors, confidence=1 - study.alpha, **measured)
        names = {"mean": column, "low": f"{column}_low", "high": f"{column}_high"}
        cells = cells.merge(means.rename(columns=names), on=_CELL, how="left", validate="1:1")
    return cells


def _own_split(results: StudyResults) -> dict[str, float]:
    """Return n_test / n_train of the datasets of which every replicate draws its own test part.

    What is held out for validation counts as trained on: it selects.
    """
    own = [results.cards[name] for name in results.measured if not results.cards[name].n_test]
    return {card.name: card.n_tested / card.n_left for card in own}


def _with_title(table: pd.DataFrame, results: StudyResults, letter: str = "") -> pd.DataFrame:
    factors = {factor.name: factor for factor in results.study.factors}
    titles = [
        component_title(
            factors[row[f"component{letter}"]], row[f"level{letter}"], row.get("null_level", "")
        )
        for row in table.to_dict("records")
    ]
    return table.assign(**{f"title{letter}": pd.Series(titles, table.index, dtype=object)})


def _with_times(tables: Tables, sign: int) -> pd.DataFrame:
    cells = tables["cells"]
    columns = {"median_s": "time_to_target_s", "n_reached": "n_reached_target", "target": "target"}
    times = tables["cell_times"].rename(columns=columns)[[*_CELL, *columns.values()]]
    ranks = tables["ranks"][["dataset", "cell", "mean_rank"]].assign(arm="cell")
    front = analysis.accuracy_cost(cells, cost="cost_s", sign=sign)
    front = front[["dataset", "cell", "on_front"]].assign(arm="cell")
    for own in (times, front, ranks):
        cells = cells.merge(own, on=_CELL, how="left", validate="1:1")
    return cells.assign(on_front=cells["on_front"].eq(True))
