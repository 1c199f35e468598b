"""Which runs an answer rests on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.analysis.effects import component_levels
from experiments.analysis.grid import block_grids
from experiments.design.factors import Factor


def component_run_keys(
    runs: pd.DataFrame, factors: Sequence[Factor], *, response: str = "test_accuracy"
) -> dict[tuple[str, str, str], list[str]]:
    """Return the keys of the runs that enter each main effect.

    Returns
    -------
    dict
        (dataset, component, level) → sorted run keys of the kept cells in the kept blocks; empty
        when there is no effect to speak of.
    """
    traces: dict[tuple[str, str, str], list[str]] = {}
    for grid in block_grids(runs, factors):
        keys = grid.runs["run_key"].astype(str).to_numpy()
        for item in component_levels(grid, response):
            rows = grid.rows[item.effect.blocks][:, item.effect.weights != 0]
            names = item.names
            identity = (names["dataset"], names["component"], names["level"])
            traces[identity] = sorted(keys[rows.ravel()])
    return traces
