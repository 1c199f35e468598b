"""What a study must train next: which comparisons are open, why, and which cells they weigh."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.columns import Column, names
from experiments.analysis.comparison import Comparison
from experiments.analysis.family import judged
from experiments.analysis.grid import block_grids
from experiments.analysis.placebos import placebos
from experiments.analysis.questions import questions, to_come
from experiments.design.study import Study


def open_comparisons(runs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Say of every comparison whether it is open and which cells decide it.

    Component effects and the contrasts asked for are one family, the placebo arms another: the
    same judgement as `component_effects` and `cell_comparison` give.

    Parameters
    ----------
    runs, study
        As for `component_effects`. A dataset without a run has no row: its first blocks are whole.

    Returns
    -------
    DataFrame
        `SCHEMA`, one row per comparison that the design supports.
    """
    asked = questions(runs, study)
    compared = [question.comparison for question in asked]
    rows = judged(compared, study, family="", to_come=to_come(asked, study))
    table = [
        question.names | _row(question.comparison, row, question.units)
        for question, row in zip(asked, rows, strict=True)
    ]
    for dataset, arm in placebos(list(block_grids(runs, study)), study).items():
        named = {"dataset": dataset, "component": "placebo", "level": "", "null_level": ""}
        table.append(named | _row(arm.comparison, arm.row, arm.units))
    return pd.DataFrame([row for row in table if row["cells"]], columns=list(COLUMNS)).reset_index(
        drop=True
    )


def _row(item: Comparison, row: dict[str, Any], units: np.ndarray) -> dict[str, Any]:
    cells = np.flatnonzero((units != 0).any(axis=0))
    counts = item.counts or (row["n_replicates"],)
    further = row["open"] and len(item.parts) < len(item.counts)
    return {
        **{name: row[name] for name in ("look", "n_looks", "verdict", "verdict_reason")},
        "open": further,
        "n_next": counts[len(item.parts)] if further else 0,
        "cells": tuple(item.grid.cells[cell] for cell in cells),
    }


def cells_to_train(comparisons: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return for each dataset the cells that open comparisons weigh, and up to how many blocks.

    Parameters
    ----------
    comparisons : DataFrame
        Of `open_comparisons`.

    Returns
    -------
    dict
        dataset → cell (its name in the run table, the placebo arm's among them) → number of
        blocks at the next look. Datasets without open comparisons have none; the first blocks of
        a study are whole and need no table.
    """
    wanted: dict[str, dict[str, int]] = {}
    for row in comparisons[comparisons["open"]].to_dict("records"):
        cells = wanted.setdefault(row["dataset"], {})
        cells |= {cell: max(row["n_next"], cells.get(cell, 0)) for cell in row["cells"]}
    return wanted


SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("component", "", "factor, or placebo"),
    Column("level", "", "its level"),
    Column("null_level", "", "what the level is compared with"),
    Column("look", "", "look that decided it, or the last one reached; 0 before the first"),
    Column("n_looks", "", "looks planned"),
    Column("verdict", "", "verdict of that look; on the average over the other factors"),
    Column("verdict_reason", "", "why, in a clause"),
    Column("open", "", "whether the next look can decide it"),
    Column("n_next", "", "blocks at the next look; 0 where none follows"),
    Column("cells", "", "names of the cells that it weighs"),
)
COLUMNS = names(SCHEMA)
