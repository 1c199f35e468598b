"""What each component does: one row per dataset × component × level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from experiments.analysis.attribution import SCHEMA as ATTRIBUTION
from experiments.analysis.attribution import attribution, variance_by_component
from experiments.analysis.columns import Column, names
from experiments.analysis.comparison import Looks
from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.crossed import Examples
from experiments.analysis.family import SCHEMA as COMPARISON
from experiments.analysis.family import judged
from experiments.analysis.other_images import other_images
from experiments.analysis.outcome import outcome
from experiments.analysis.permutation import SCHEMA as SIGN_FLIP
from experiments.analysis.permutation import sign_flips
from experiments.analysis.questions import FAMILY, Contrasts, Question, questions, to_come
from experiments.analysis.time_ratio import time_ratio
from experiments.design.factors import Factor
from experiments.response.response import Response


def component_effects(
    runs: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    margins: Mapping[str, float],
    rng: np.random.Generator,
    response: str = "test_accuracy",
    measure: Response | None = None,
    alpha: float = 0.05,
    examples: Examples | None = None,
    own_split: Mapping[str, float] | None = None,
    looks: Looks | None = None,
    contrasts: Contrasts = (),
) -> pd.DataFrame:
    """Answer what each component does to the response and to the time of a run.

    The main effect of a level is, per block, the mean over all pairs of cells that differ only
    in this factor of (response with the level − response with the null level); block values
    enter Student's t, so that n counts replicates and not runs. It uses the blocks that were
    planned for it; leave-one-out, add-one-in, Shapley and variance shares use those in which
    every cell was planned.

    Parameters
    ----------
    runs : DataFrame
        The run table. Placebo arms are left out here.
    factors : sequence of Factor
        The study's factors.
    margins : mapping
        Equivalence margin per dataset, in the response's unit (percentage points for shares).
    rng : numpy.random.Generator
        For the crossed bootstrap and for sign flips beyond 13 blocks.
    response : str
        Column of the response.
    measure : Response, optional
        What the column holds; by its name one of the built-in responses.
    alpha : float
        Level of tests; intervals cover 1 − alpha / K at each of K looks.
    examples : mapping, optional
        run_key → the response of each test example, where all runs of a dataset have the same.
    own_split : mapping, optional
        n_test / n_train of the datasets that draw a test part per replicate.
    looks : mapping, optional
        Numbers of blocks per dataset at which open comparisons are judged, also of datasets
        whose runs are still to come; one look at all blocks for the others.
    contrasts : sequence of pairs of str, optional
        Two levels of a factor each, compared in the same family, the first minus the second.

    Returns
    -------
    DataFrame
        `SCHEMA`. What the design or the runs cannot support is NaN and named in `notes`. For
        verdicts that depend on another component see `depends.with_dependence`.

    Raises
    ------
    ValueError
        If a dataset has no margin or the run table is not one study's.
    """
    studied = outcome(response, measure)
    asked = questions(
        runs, factors, studied, margins=margins, looks=looks, contrasts=contrasts
    )  # fmt: skip
    if not asked:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = judged(
        [question.comparison for question in asked],
        family=FAMILY,
        alpha=alpha,
        to_come=to_come(asked, looks),
    )
    images = other_images(
        asked,
        [row["look"] for row in rows],
        alpha=alpha,
        examples=examples or {},
        own_split=own_split or {},
        rng=rng,
    )
    shares = variance_by_component(asked, response, looks or {})
    for question, row, ends in zip(asked, rows, images, strict=True):
        part = question.comparison.at(row["look"])
        notes = _left_out(part)
        row |= question.names | _counts(part) | sign_flips(studied.differences(part), rng=rng)
        row |= attribution(question, studied, looks or {}, alpha, notes)
        row |= _time_ratio(question, row["look"], alpha) | ends
        share, why = shares[question.grid.dataset]
        row["variance_share"] = share.get(row["component"], np.nan)
        notes += [f"no variance share: {why}"] * bool(why) + [ends["note"]] * bool(ends["note"])
        row["notes"] = "; ".join(notes)
    return pd.DataFrame(rows)[list(COLUMNS)]


def _counts(part: BlockContrast) -> dict[str, int]:
    return {
        "n_cells": part.n_cells,
        "n_pairs": part.units.shape[1],
        "n_pairs_planned": part.n_units_planned,
    }


def _left_out(effect: BlockContrast) -> list[str]:
    if not effect.n_units_planned:
        return ["no effect: the design has no two cells that differ in this component only"]
    lost = effect.n_units_planned - effect.units.shape[1]
    return [f"{lost} of {effect.n_units_planned} pairs of cells left out for lost runs"] * (
        lost > 0
    )


def _time_ratio(question: Question, look: int, alpha: float) -> dict[str, float]:
    names = ("time_ratio", "time_ratio_low", "time_ratio_high")
    grid = question.comparison.grid_at(look)
    if "fit_cpu_s" not in grid.runs:
        return dict.fromkeys(names, np.nan)
    found = time_ratio(grid, question.units, "fit_cpu_s", confidence=1 - alpha)
    return dict(zip(names, (found.ratio, found.low, found.high), strict=True))


SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("component", "", "factor"),
    Column("level", "", "its level"),
    Column("null_level", "", "what the level is compared with"),
    *COMPARISON[:2],
    Column("n_cells", "", "cells that enter"),
    Column("n_pairs", "", "pairs of cells averaged in each block"),
    Column("n_pairs_planned", "", "pairs of cells that the design holds"),
    *COMPARISON[2:],
    *SIGN_FLIP,
    Column("images_ci_low_pp", "pp", "lower end of the interval for other test images as well"),
    Column("images_ci_high_pp", "pp", "upper end of the interval for other test images as well"),
    Column("images_interval", "", "how it was made; empty where there is none"),
    *ATTRIBUTION,
    Column("time_ratio", "", "CPU time of a run with it over without it", description=True),
    Column("time_ratio_low", "", "lower end of its interval", description=True),
    Column("time_ratio_high", "", "upper end of its interval", description=True),
    Column("notes", "", "what could not be said, and why"),
)  # fmt: skip
COLUMNS = names(SCHEMA)
