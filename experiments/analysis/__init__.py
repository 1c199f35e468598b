"""The analysis: pure functions from the run table to effects, verdicts and their intervals.

Read `grid` (runs as blocks × cells), `contrasts` (what is compared and what lost runs do),
`paired`, `evidence` and `looks` (what a verdict rests on), then the tables: `effects`, `cells`,
`with_without`, `interactions`, `variance`. Each table declares its columns as `SCHEMA`.
"""

from experiments.analysis.best_cell import best_cell, best_run
from experiments.analysis.cell_means import cell_means
from experiments.analysis.cells import cell_comparison
from experiments.analysis.conclusion_flip import conclusion_flip, flips
from experiments.analysis.depends import with_dependence
from experiments.analysis.effects import component_effects
from experiments.analysis.interactions import interactions
from experiments.analysis.open_comparisons import cells_to_train, open_comparisons
from experiments.analysis.pareto import on_front, pareto_front
from experiments.analysis.ranks import rank_table
from experiments.analysis.survival import summarize, survival_curve
from experiments.analysis.target_grid import target_grids
from experiments.analysis.time_to_target import cell_times, component_times
from experiments.analysis.traces import component_run_keys
from experiments.analysis.variance import variance_shares
from experiments.analysis.with_without import with_without

__all__ = [
    "best_cell",
    "best_run",
    "cell_comparison",
    "cell_means",
    "cell_times",
    "cells_to_train",
    "component_effects",
    "component_run_keys",
    "component_times",
    "conclusion_flip",
    "flips",
    "interactions",
    "on_front",
    "open_comparisons",
    "pareto_front",
    "rank_table",
    "summarize",
    "survival_curve",
    "target_grids",
    "variance_shares",
    "with_dependence",
    "with_without",
]
