"""From what the stages stored to every table of a study: the runs read, judged and costed once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from experiments import analysis
from experiments.analysis.step_cost import COLUMNS as STEP_COST
from experiments.design.study import Study
from experiments.errors import StudyError
from pipeline.results.scored_runs import example_values, lacking, scored
from pipeline.results.study_results import StudyResults, Tables
from pipeline.results.sureness import run_counts
from pipeline.results.tables.costs import target_times, with_cell_cost, with_step_cost
from pipeline.results.text.titles import component_title
from pipeline.study.dataset_card import DatasetCard, read_card
from pipeline.study.store.run_tables import (
    ANSWERS,
    ENVIRONMENT,
    history_table,
    predictions_table,
    runs_table,
    tuning_table,
)
from pipeline.study.store.table_file import read_table
from pipeline.study.timing.step_cost_file import TEXT, read_step_costs

_TEXT = {
    *("run_key", "dataset", "cell", "arm", "status", "reason", "parameters_sha256", "tuned"),
    *(*ENVIRONMENT, *TEXT),
}
_BYTES = set(ANSWERS) - {"run_key", "n_classes"}
_CELL = ["dataset", "cell", "arm"]
_TIMES = {"median_s": "time_to_target_s", "n_reached": "n_reached_target", "target": "target"}


def load_results(root: Path, study: Study, planned: Mapping[str, int]) -> StudyResults:
    """Read what a study's stages left under `root`, in one folder per dataset.

    A dataset without files counts as not available yet; `planned` holds runs per dataset.

    Raises
    ------
    StudyError
        If a stored table lacks a column of its schema, or a response cannot judge the runs.
    """
    cards = {name: _card(root / name / "dataset.json", name) for name in study.datasets}
    tables = empty_tables(study)
    for table, empty in tables.items():
        parts = [_read(root / name, table, list(empty.columns)) for name in study.datasets]
        filled = [part for part in parts if len(part)]
        tables[table] = pd.concat(filled, ignore_index=True) if filled else empty
    tables["runs"] = scored(tables["runs"], tables["predictions"], study.responses)
    return StudyResults(study, cards, planned, **tables)


def _card(path: Path, name: str) -> DatasetCard:
    reasons, remedy = ("no results are stored for it yet",), "Run `dvc repro`."
    unknown = DatasetCard(name, in_study=True, available=False, reasons=reasons, remedy=remedy)
    return read_card(path) if path.exists() else unknown


def empty_tables(study: Study) -> Tables:
    """Return every stored table without rows; its columns are the table's schema."""
    text = _TEXT | {factor.name for factor in study.factors}
    runs, predictions = runs_table([], study), predictions_table([])
    if not lacking(runs, study.responses):
        # A third of what is stored, and only further responses are computed from it.
        predictions = predictions.drop(columns=["val_labels", "val_outputs"])
    tables = {
        "runs": runs,
        "history": history_table([]),
        "tuning": tuning_table([], {}, {}, study),
        "predictions": predictions,
        "step_cost": pd.DataFrame(columns=["dataset", *STEP_COST]),
    }
    types = {True: "str", False: "float64"}
    return {
        name: table.astype({c: "object" if c in _BYTES else types[c in text] for c in table})
        for name, table in tables.items()
    }


def _read(folder: Path, table: str, columns: list[str]) -> pd.DataFrame:
    timed = table == "step_cost"
    path = folder / (f"{table}.csv" if timed else f"{table}.parquet")
    if not path.exists():
        return pd.DataFrame()
    wanted = columns if table == "predictions" else None
    frame = read_step_costs(path).assign(dataset=folder.name) if timed else read_table(path, wanted)
    if absent := [name for name in columns if name not in frame]:
        raise StudyError(
            f"{path} must have the columns of this version and study; it lacks "
            f"{', '.join(absent)}. Run `dvc repro {'time' if timed else 'train'}@{folder.name}`."
        )
    return frame[columns]


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
    by_effect, by_cell = (
        np.random.default_rng(np.random.SeedSequence([study.seed, purpose])) for purpose in (0, 1)
    )
    examples = example_values(runs, results.predictions, study.response, study.measure)
    effects = analysis.component_effects(
        runs, study, rng=by_effect, examples=examples, own_split=_own_split(results)
    )
    both, *secondary = (
        analysis.with_without(runs, study, effects, column=column) for column in study.responses
    )
    pairs = analysis.interactions(runs, study)
    ranks = analysis.rank_table(runs, study)
    cells = with_cell_cost(analysis.cell_comparison(runs, study, rng=by_cell), results)
    times = target_times(runs, cells, results)
    cell_times = analysis.cell_times(times)
    beside = [
        *(analysis.cell_means(runs, study, column) for column in study.secondary),
        cell_times.rename(columns=_TIMES)[[*_CELL, *_TIMES.values()]],
    ]
    for table in beside:
        cells = cells.merge(table, on=_CELL, how="left", validate="1:1")
    cells["on_front"] = analysis.on_front(cells, cost="cost_s", sign=study.measure.sign)
    placed = ranks[["dataset", "cell", "mean_rank"]].assign(arm="cell")
    tables = {
        "effects": analysis.with_dependence(effects, pairs),
        "with_without": both,
        "component_times": analysis.component_times(times),
    }
    tables = {name: with_step_cost(_titled(t, results), results) for name, t in tables.items()}
    tables |= {
        "cells": cells.merge(placed, on=_CELL, how="left", validate="1:1"),
        "secondary": _titled(pd.concat([both.iloc[:0], *secondary], ignore_index=True), results),
        "interactions": _titled(_titled(pairs, results, "_a"), results, "_b"),
        "variance": analysis.variance_shares(runs, study),
        "ranks": ranks,
        "cell_times": cell_times,
        "counts": run_counts(results),
    }
    for name in ("cells", "with_without"):
        shared = tables[name]["dataset"].map(results.shared_cores)
        tables[name] = tables[name].assign(shared_cores=shared)
    return tables


def _in_order(results: StudyResults) -> pd.DataFrame:
    """Return the runs of measured datasets in the study's order, whatever the files' order."""
    place = results.runs["dataset"].map({name: i for i, name in enumerate(results.measured)})
    runs = results.runs.assign(_place=place)[place.notna()]
    keys = ["_place", "arm", "replicate", "cell", "run_key"]
    return runs.sort_values(keys).drop(columns="_place")


def _own_split(results: StudyResults) -> dict[str, float]:
    """Return n_test / n_train of the datasets of which every replicate draws its own test part.

    What is held out for validation counts as trained on: it selects.
    """
    cards = (results.cards[name] for name in results.measured)
    return {card.name: card.n_tested / card.n_left for card in cards if not card.n_test}


def _titled(table: pd.DataFrame, results: StudyResults, letter: str = "") -> pd.DataFrame:
    """Add the component in words; of a pair, that of its component `_a` or `_b`."""
    factors = {factor.name: factor for factor in results.study.factors}
    component, level = f"component{letter}", f"level{letter}"
    titles = [
        component_title(factors[row[component]], row[level], row.get("null_level", ""))
        for row in table.to_dict("records")
    ]
    return table.assign(**{f"title{letter}": pd.Series(titles, table.index, dtype=object)})
