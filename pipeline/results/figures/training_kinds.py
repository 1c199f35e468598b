"""The figures of how runs went: curves, times, and the tuning of the learning rate."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments.analysis import conclusion_flip as flip_curve
from pipeline.results.figures.answer_kinds import WIDTH
from pipeline.results.figures.component_times import component_times
from pipeline.results.figures.conclusion_flip import conclusion_flip
from pipeline.results.figures.kind import Kind
from pipeline.results.figures.learning_curves import learning_curves
from pipeline.results.figures.learning_rate_ledger import learning_rate_ledger
from pipeline.results.figures.material import Material
from pipeline.results.figures.run_time import PHASES, run_time
from pipeline.results.figures.time_to_target import time_to_target
from pipeline.results.tables.times import shared_cores, target_times


def _has_history(m: Material) -> bool:
    ok = m.runs.loc[m.runs["status"] == "ok", "run_key"]
    history = m.results.history
    # A training of the user's own may record no accuracy.
    curves = history.loc[history["run_key"].isin(ok), "val_accuracy"]
    return bool(curves.notna().any())


def _curves(axes: Axes, m: Material) -> Axes:
    return learning_curves(
        axes,
        m.results.history,
        m.runs,
        dataset=m.title,
        highlight=m.highlighted,
        best=m.best_cell,
        alpha=m.results.alpha,
    )


def _has_target(m: Material) -> bool:
    times = m.of("cell_times")
    return len(times) > 0 and bool((times["n"] > 0).any())


def _times(axes: Axes, m: Material) -> Axes:
    (item,) = target_times(m.runs, m.of("cells"), m.results)
    cells = {cell: item.of(item.grid.cells.index(cell)) for cell in m.highlighted}
    known = {cell: times for cell, times in cells.items() if len(times)}
    return time_to_target(
        axes,
        known,
        dataset=m.title,
        target=item.target,
        horizon=item.horizon,
        shared_cores=_shared(m),
    )


def _shared(m: Material) -> bool:
    return shared_cores(m.results).get(m.dataset, True)


def _component_times(axes: Axes, m: Material) -> Axes:
    rows = m.of("component_times")
    return component_times(
        axes, rows, dataset=m.title, alpha=m.results.alpha, shared_cores=_shared(m)
    )


def _has_component_times(m: Material) -> bool:
    rows = m.of("component_times")
    return len(rows) > 0 and bool(rows["difference_s"].notna().any())


def _has_phases(m: Material) -> bool:
    ok = m.runs[m.runs["status"] == "ok"]
    return set(PHASES) <= set(ok.columns) and bool(ok["forward_s"].notna().any())


def _tuning(m: Material) -> pd.DataFrame:
    tuning = m.results.tuning
    return tuning if tuning.empty else tuning[tuning["dataset"] == m.dataset]


def _has_tuning(m: Material) -> bool:
    rows = _tuning(m)
    return len(rows) > 0 and bool(np.isfinite(rows["val_accuracy"]).any())


TRAINING: tuple[Kind, ...] = (
    Kind(
        "learning_curves",
        "Curves",
        "Learning curves",
        "The baseline in black, each component added to it alone, and the best cell.",
        "cells",
        _has_history,
        lambda _: (WIDTH, 4.2),
        _curves,
    ),
    Kind(
        "time_to_target",
        "Time to target",
        "Time to target",
        "Higher and further left is faster. The target is the median best validation accuracy of "
        "the baseline unless the study names one.",
        "highlighted cells",
        _has_target,
        lambda _: (WIDTH, 3.9),
        _times,
    ),
    Kind(
        "component_times",
        "Target by component",
        "Time to target with and without each component",
        "Left of zero the target is reached sooner. A run that never reaches it counts with the "
        "whole time that runs were followed, in this figure alone.",
        "cells",
        _has_component_times,
        lambda m: (WIDTH, 1.8 + 0.36 * len(m.of("component_times"))),
        _component_times,
    ),
    Kind(
        "run_time",
        "Run time",
        "Where a run's time goes",
        "The baseline, each component added to it alone, and the best cell.",
        "highlighted cells",
        _has_phases,
        lambda m: (WIDTH, 1.4 + 0.34 * len(m.highlighted)),
        lambda axes, m: run_time(axes, m.runs, dataset=m.title, cells=m.highlighted),
    ),
    Kind(
        "learning_rate_ledger",
        "Tuning",
        "How the learning rate was chosen",
        "Every trial counts: an arm whose best rate lies at the edge of the range was not tuned "
        "far enough.",
        "tuning trials",
        _has_tuning,
        lambda _: (WIDTH, 3.7),
        lambda axes, m: learning_rate_ledger(axes, _tuning(m), dataset=m.title),
    ),
    Kind(
        "conclusion_flip",
        "Budget",
        "Would another tuning budget have flipped the ranking?",
        "What the best of k learning rates would have been, had only k been tried.",
        "tuning trials",
        _has_tuning,
        lambda _: (WIDTH, 3.7),
        lambda axes, m: conclusion_flip(axes, flip_curve(_tuning(m)), dataset=m.title),
    ),
)
