"""The figures of how runs went: curves, times, and the tuning of the learning rate."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from experiments.analysis import conclusion_flip as flip_curve
from experiments.design.designs import PLACEBO
from pipeline.results.figures.answer_kinds import has
from pipeline.results.figures.budget_curve import conclusion_flip
from pipeline.results.figures.component_times import component_times
from pipeline.results.figures.kind import Kind, on_axes, rows_high
from pipeline.results.figures.learning_curves import COLUMNS, SIDES, learning_curves
from pipeline.results.figures.learning_rate_ledger import learning_rate_ledger
from pipeline.results.figures.material import Material
from pipeline.results.figures.run_time import run_time
from pipeline.results.figures.target_curves import time_to_target
from pipeline.results.tables.times import target_times


def _has_history(m: Material) -> bool:
    ok = m.runs.loc[m.runs["status"] == "ok", "run_key"]
    history = m.results.history
    # A training of the user's own may record no accuracy.
    return bool(history.loc[history["run_key"].isin(ok), list(SIDES)].notna().all(axis=1).any())


def _has_target(m: Material) -> bool:
    return bool((m.of("cell_times")["n"] > 0).any())


def _times(axes: Axes, m: Material) -> str:
    (item,) = target_times(m.runs, m.of("cells"), m.results)
    cells = {cell: item.of(item.grid.cells.index(cell)) for cell in m.highlighted}
    return time_to_target(
        axes,
        {cell: times for cell, times in cells.items() if len(times)},
        target=item.target,
        horizon=item.horizon,
    )


def _has_phases(m: Material) -> bool:
    return bool(m.runs.loc[m.runs["status"] == "ok", "forward_s"].notna().any())


def _tuned(m: Material) -> str:
    return str(m.results.study.recipes[m.dataset].tuned)


def _tuning(m: Material) -> pd.DataFrame:
    """Return the trials of the recipe's tuned field; those of strengths stand at its best."""
    tuning = m.results.tuning
    own = (tuning["tuned"] == _tuned(m)) & (tuning["arm"] != PLACEBO)
    return tuning[own & (tuning["dataset"] == m.dataset)]


def _has_tuning(m: Material) -> bool:
    return bool(_tuning(m)["value"].notna().any())


def _has_arms(m: Material) -> bool:
    return _has_tuning(m) and len(set(_tuning(m)["arm"])) > 1


def _flips(axes: Axes, m: Material) -> str:
    curve = flip_curve(_tuning(m), sign=m.measure.response.sign, confidence=1 - m.alpha)
    return conclusion_flip(axes, curve, m.measure)


def _key_rows(m: Material) -> float:
    return 0.22 * -(-_tuning(m)["arm"].nunique() // 3)


TRAINING: tuple[Kind, ...] = (
    Kind(
        "learning_curves",
        "Learning curves",
        "Each component added to the baseline alone, and the best cell. The distance between "
        "training and validation is what a regularizer acts on.",
        "highlighted cells",
        _has_history,
        lambda m: 0.9 + 1.25 * -(-max(len(m.highlighted) - 1, 1) // COLUMNS),
        lambda figure, m: learning_curves(
            figure, m.results.history, m.runs, cells=m.highlighted, alpha=m.alpha
        ),
    ),
    Kind(
        "time_to_target",
        "Time to target",
        "Higher and further left is faster. The target is the median best validation accuracy of "
        "the baseline unless the study names one.",
        "highlighted cells",
        _has_target,
        lambda m: 3.0 + 0.22 * -(-len(m.highlighted) // 2),
        on_axes(_times),
    ),
    Kind(
        "component_times",
        "Time to target with and without each component",
        "Left of zero the target is reached sooner. A run that never reaches it counts with the "
        "whole time that runs were followed, in this figure alone.",
        "cells",
        has("component_times", "difference_s"),
        lambda m: rows_high(len(m.of("component_times"))),
        on_axes(lambda axes, m: component_times(axes, m.of("component_times"), alpha=m.alpha)),
    ),
    Kind(
        "run_time",
        "Where a run's time goes",
        "The baseline, each component added to it alone, and the best cell.",
        "highlighted cells",
        _has_phases,
        lambda m: 1.3 + 0.4 * len(m.highlighted),
        on_axes(lambda axes, m: run_time(axes, m.runs, cells=m.highlighted, alpha=m.alpha)),
    ),
    Kind(
        "learning_rate_ledger",
        "How the tuned value was chosen",
        "Every trial counts: an arm whose best value lies at the edge of the range was not tuned "
        "far enough.",
        "tuning trials",
        _has_tuning,
        lambda m: 3.0 + _key_rows(m),
        on_axes(lambda axes, m: learning_rate_ledger(axes, _tuning(m), _tuned(m), m.measure)),
    ),
    Kind(
        "conclusion_flip",
        "Would another tuning budget have flipped the ranking?",
        "What the best of k trials would have been, had only k been made.",
        "tuning trials",
        _has_arms,
        lambda m: 3.0 + _key_rows(m),
        on_axes(_flips),
    ),
)
