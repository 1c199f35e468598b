"""The analysis: pure functions from the run table to effects, verdicts and their intervals."""

from experiments.analysis.cells import cell_comparison
from experiments.analysis.effects import component_effects
from experiments.analysis.variance import variance_shares

__all__ = ["cell_comparison", "component_effects", "variance_shares"]
