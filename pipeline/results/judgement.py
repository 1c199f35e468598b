"""The analysis under a study's own settings: the one place that hands them on.

Responses, margins, level and contrasts are named in params.yaml; every table, stage and figure
judges by the same ones because it asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from experiments import analysis
from experiments.analysis.crossed import Examples
from experiments.design.study import Study


def effects(
    study: Study,
    runs: pd.DataFrame,
    *,
    rng: np.random.Generator,
    examples: Examples,
    own_split: Mapping[str, float],
) -> pd.DataFrame:
    """Return `analysis.component_effects`, the study's contrasts among them."""
    return analysis.component_effects(
        runs,
        study.factors,
        rng=rng,
        examples=examples,
        own_split=own_split,
        contrasts=study.contrasts,
        **_tested(study),
    )


def open_comparisons(study: Study, runs: pd.DataFrame) -> pd.DataFrame:
    """Return `analysis.open_comparisons`: what the next look is about."""
    return analysis.open_comparisons(
        runs, study.factors, contrasts=study.contrasts, **_tested(study)
    )


def interactions(study: Study, runs: pd.DataFrame) -> pd.DataFrame:
    """Return `analysis.interactions`."""
    return analysis.interactions(runs, study.factors, **_tested(study))


def cells(study: Study, runs: pd.DataFrame, *, rng: np.random.Generator) -> pd.DataFrame:
    """Return `analysis.cell_comparison`."""
    return analysis.cell_comparison(runs, study.factors, rng=rng, **_tested(study))


def cell_means(study: Study, runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return `analysis.cell_means` of a response by its column."""
    return analysis.cell_means(
        runs, study.factors, confidence=1 - study.alpha, **_measured(study, column)
    )


def with_without(study: Study, runs: pd.DataFrame, column: str = "") -> pd.DataFrame:
    """Return `analysis.with_without` of a response by its column, by default the primary one."""
    chosen = _measured(study, column or study.response)
    return analysis.with_without(
        runs,
        study.factors,
        confidence=1 - study.alpha,
        contrasts=study.contrasts,
        **chosen,
    )


def variance(study: Study, runs: pd.DataFrame) -> pd.DataFrame:
    """Return `analysis.variance_shares`."""
    return analysis.variance_shares(runs, study.factors, **_blocks(study, study.response))


def ranks(study: Study, runs: pd.DataFrame) -> pd.DataFrame:
    """Return `analysis.rank_table`."""
    return analysis.rank_table(runs, study.factors, **_measured(study, study.response))


def run_keys(
    study: Study, runs: pd.DataFrame, table: pd.DataFrame
) -> dict[tuple[str, str, str, str], list[str]]:
    """Return `analysis.component_run_keys` of a table of `effects`."""
    return analysis.component_run_keys(
        runs, study.factors, table, **_blocks(study, study.response)
    )  # fmt: skip


def best_run(study: Study, runs: pd.DataFrame) -> str | None:
    """Return `analysis.best_run` of one dataset's runs."""
    return analysis.best_run(runs, study.factors, **_measured(study, study.response))


def _blocks(study: Study, column: str) -> dict[str, Any]:
    """Return what every analysis is told: whose values, of which blocks."""
    return {"response": column, "looks": study.looks}


def _measured(study: Study, column: str) -> dict[str, Any]:
    return {**_blocks(study, column), "measure": study.responses[column]}


def _tested(study: Study) -> dict[str, Any]:
    margins = {name: study.margin(name) for name in study.datasets}
    return {**_measured(study, study.response), "margins": margins, "alpha": study.alpha}
