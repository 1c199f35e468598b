"""Every table of a study, computed once: the analysis joined with measured step costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments import analysis
from pipeline.results import judgement
from pipeline.results.scored_runs import example_values
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.tables.costs import with_cell_cost, with_step_cost
from pipeline.results.tables.counts import run_counts
from pipeline.results.tables.times import target_times
from pipeline.results.text.titles import component_title

_CELL = ["dataset", "cell", "arm"]
_TIMES = {"median_s": "time_to_target_s", "n_reached": "n_reached_target", "target": "target"}


def analyse(results: StudyResults) -> Tables:
    """Compute all tables of a study.

    Returns
    -------
    dict
        `effects`, `cells`, `with_without`, `secondary` (with_without of every secondary response),
        `interactions`, `variance`, `ranks`, `cell_times` and `component_times`, each a table of
        `experiments.analysis`; those with components have `title` (the component in words) and the
        columns of `with_step_cost`. `cells` has those of `with_cell_cost`, the means of secondary
        responses with `_low` and `_high`, `time_to_target_s`, `n_reached_target`, `target`,
        `mean_rank` and `on_front` beside. `counts` are the run counts. Without finished runs all
        but `counts` have no rows, and the same columns.

    Notes
    -----
    Generators are seeded with the study's seed, so that the same results give the same tables.
    """
    study, runs = results.study, _in_order(results)
    factors, tested = study.factors, judgement.tested(study)
    level = 1 - study.alpha

    effects = analysis.component_effects(
        runs,
        factors,
        rng=_rng(results, 0),
        examples=example_values(runs, results.predictions, study.response, study.measure),
        own_split=_own_split(results),
        contrasts=study.contrasts,
        **tested,
    )

    def sides(column: str) -> pd.DataFrame:
        asked = {"contrasts": study.contrasts, **judgement.measured(study, column)}
        return analysis.with_without(runs, factors, confidence=level, effects=effects, **asked)

    pairs = analysis.interactions(runs, factors, **tested)
    cells = with_cell_cost(judgement.cells(study, runs, rng=_rng(results, 1)), results)
    times = target_times(runs, cells, results)
    cell_times, both = analysis.cell_times(times), sides(study.response)
    ranks = analysis.rank_table(runs, factors, **judgement.measured(study))
    front = analysis.accuracy_cost(cells, cost="cost_s", sign=results.measure.response.sign)
    beside = [
        *(_secondary(results, runs, column) for column in study.secondary),
        cell_times.rename(columns=_TIMES)[[*_CELL, *_TIMES.values()]],
        front[["dataset", "cell", "on_front"]].assign(arm="cell"),
        ranks[["dataset", "cell", "mean_rank"]].assign(arm="cell"),
    ]
    for table in beside:
        cells = cells.merge(table, on=_CELL, how="left", validate="1:1")
    tables = {
        "effects": analysis.with_dependence(effects, pairs),
        "with_without": both,
        "component_times": analysis.component_times(times, confidence=level),
    }
    tables = {name: with_step_cost(_titled(t, results), results) for name, t in tables.items()}
    secondary = [both.iloc[:0], *map(sides, study.secondary)]
    tables |= {
        "cells": cells.assign(on_front=cells["on_front"].eq(True)),
        "secondary": _titled(pd.concat(secondary, ignore_index=True), results),
        "interactions": _titled(_titled(pairs, results, "_a"), results, "_b"),
        "variance": analysis.variance_shares(runs, factors, **judgement.blocks(study)),
        "ranks": ranks,
        "cell_times": cell_times,
        "counts": run_counts(results),
    }
    for name in ("cells", "with_without"):
        shared = tables[name]["dataset"].map(results.shared_cores)
        tables[name] = tables[name].assign(shared_cores=shared)
    return tables


def _rng(results: StudyResults, purpose: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([results.study.seed, purpose]))


def _in_order(results: StudyResults) -> pd.DataFrame:
    """Return the runs of measured datasets in the study's order, whatever the files' order."""
    order = {name: place for place, name in enumerate(results.measured)}
    runs = results.runs[results.runs["dataset"].isin(order)]
    keys = ["_place", "arm", "replicate", "cell", "run_key"]
    placed = runs.assign(_place=runs["dataset"].map(order))
    return placed.sort_values(keys).drop(columns="_place")


def _secondary(results: StudyResults, runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return each cell's mean of a secondary response, with the ends of its interval."""
    study = results.study
    measured = judgement.measured(study, column)
    means = analysis.cell_means(runs, study.factors, confidence=1 - study.alpha, **measured)
    return means.rename(columns={"mean": column, "low": f"{column}_low", "high": f"{column}_high"})


def _own_split(results: StudyResults) -> dict[str, float]:
    """Return n_test / n_train of the datasets of which every replicate draws its own test part.

    What is held out for validation counts as trained on: it selects.
    """
    own = [results.cards[name] for name in results.measured if not results.cards[name].n_test]
    return {card.name: card.n_tested / card.n_left for card in own}


def _titled(table: pd.DataFrame, results: StudyResults, letter: str = "") -> pd.DataFrame:
    """Add the component in words; of a pair, that of its component `_a` or `_b`."""
    factors = {factor.name: factor for factor in results.study.factors}
    titles = [
        component_title(
            factors[row[f"component{letter}"]], row[f"level{letter}"], row.get("null_level", "")
        )
        for row in table.to_dict("records")
    ]
    return table.assign(**{f"title{letter}": pd.Series(titles, table.index, dtype=object)})
