"""What each component does: one row per dataset × component × level."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.analysis.attribution import SCHEMA as ATTRIBUTION
from experiments.analysis.attribution import attribution, variance_by_component
from experiments.analysis.columns import Column, names
from experiments.analysis.contrasts import BlockContrast
from experiments.analysis.crossed import Examples
from experiments.analysis.family import SCHEMA as COMPARISON
from experiments.analysis.family import judged
from experiments.analysis.other_images import other_images
from experiments.analysis.permutation import SCHEMA as SIGN_FLIP
from experiments.analysis.permutation import sign_flips
from experiments.analysis.questions import FAMILY, Question, questions, to_come
from experiments.analysis.time_ratio import time_ratio
from experiments.design.study import Study


def component_effects(
    runs: pd.DataFrame,
    study: Study,
    *,
    rng: np.random.Generator,
    examples: Examples | None = None,
    own_split: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Answer what each component does to the response and to the time of a run.

    The main effect of a level is, per block, the mean over all pairs of cells that differ only
    in this factor of (response with the level − response with the null level); block values
    enter Student's t, so that n counts replicates and not runs. It uses the blocks that were
    planned for it; leave-one-out, add-one-in, Shapley and variance shares use those in which
    every cell was planned. Tests are held to the study's `alpha`; intervals cover 1 − alpha / K at
    each of K looks. The contrasts that the study asks for belong to the same family.

    Parameters
    ----------
    runs : DataFrame
        The run table. Placebo arms are left out here.
    study : Study
        Whose runs they are: what varies, by which response it is judged, at which looks.
    rng : numpy.random.Generator
        For the crossed bootstrap and for sign flips beyond 13 blocks.
    examples : mapping, optional
        run_key → the response of each test example, where all runs of a dataset have the same.
    own_split : mapping, optional
        n_test / n_train of the datasets that draw a test part per replicate.

    Returns
    -------
    DataFrame
        `SCHEMA`. What the design or the runs cannot support is NaN and named in `notes`. For
        verdicts that depend on another component see `depends.with_dependence`.

    Raises
    ------
    ValueError
        If the run table is not the study's.
    """
    asked = questions(runs, study)
    if not asked:
        return pd.DataFrame(columns=list(COLUMNS))
    compared = [question.comparison for question in asked]
    rows = judged(compared, study, family=FAMILY, to_come=to_come(asked, study))
    images = other_images(
        asked,
        [row["look"] for row in rows],
        examples=examples or {},
        own_split=own_split or {},
        rng=rng,
    )
    shares = variance_by_component(asked)
    for question, row, ends in zip(asked, rows, images, strict=True):
        part = question.comparison.at(row["look"])
        notes, differences = _left_out(part), question.comparison.outcome.differences(part)
        row |= question.names | _counts(part) | sign_flips(differences, rng=rng)
        row |= attribution(question, notes) | _time_ratio(question, row["look"]) | ends
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


def _time_ratio(question: Question, look: int) -> dict[str, float]:
    names = ("time_ratio", "time_ratio_low", "time_ratio_high")
    grid = question.comparison.grid_at(look)
    if "fit_cpu_s" not in grid.runs:
        return dict.fromkeys(names, np.nan)
    found = time_ratio(grid, question.units, "fit_cpu_s", confidence=1 - grid.study.alpha)
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
