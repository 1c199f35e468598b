"""The analysis: pure functions from the run table to effects, verdicts and their intervals.

Read `grid` (runs as blocks × cells), `contrasts` (what is compared and what lost runs do), `paired`
and `verdicts`, then the tables: `effects`, `cells`, `with_without`, `interactions`, `variance`.
"""

from experiments.analysis.cells import cell_comparison
from experiments.analysis.crossed import correctness
from experiments.analysis.effects import component_effects
from experiments.analysis.feasibility import feasibility
from experiments.analysis.interactions import interactions
from experiments.analysis.pareto import accuracy_cost, pareto_front
from experiments.analysis.ranks import rank_table
from experiments.analysis.survival import summarize, survival_curve
from experiments.analysis.time_to_target import cell_times, component_times, target_grids
from experiments.analysis.traces import component_run_keys
from experiments.analysis.variance import variance_shares
from experiments.analysis.with_without import with_without

__all__ = [
    "accuracy_cost",
    "cell_comparison",
    "cell_times",
    "component_effects",
    "component_run_keys",
    "component_times",
    "correctness",
    "feasibility",
    "interactions",
    "pareto_front",
    "rank_table",
    "summarize",
    "survival_curve",
    "target_grids",
    "variance_shares",
    "with_without",
]
