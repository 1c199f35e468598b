"""Which runs an answer rests on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.analysis.comparison import Looks
from experiments.analysis.contrasts import contrast
from experiments.analysis.grid import block_grids
from experiments.analysis.units import main_effect_units
from experiments.design.factors import Factor


def component_run_keys(
    runs: pd.DataFrame,
    factors: Sequence[Factor],
    effects: pd.DataFrame,
    *,
    response: str = "test_accuracy",
    looks: Looks | None = None,
) -> dict[tuple[str, str, str, str], list[str]]:
    """Return the keys of the runs that enter each main effect.

    Parameters
    ----------
    runs, factors, response, looks
        As for `component_effects`.
    effects : DataFrame
        What it returned.

    Returns
    -------
    dict
        (dataset, component, level, null level) → sorted run keys of the kept cells in the kept
        blocks, up to the row's look; empty when there is no effect to speak of.
    """
    grids = {grid.dataset: grid for grid in block_grids(runs, factors)}
    index = {factor.name: i for i, factor in enumerate(factors)}
    traces: dict[tuple[str, str, str, str], list[str]] = {}
    for row in effects.to_dict("records"):
        grid, factor = grids[row["dataset"]], index[row["component"]]
        counts = (looks or {}).get(grid.dataset, ())
        if len(counts) > 1:
            grid = grid.first(counts[max(1, row["look"]) - 1])
        codes = [factors[factor].labels.index(row[name]) for name in ("level", "null_level")]
        units = main_effect_units(grid, factor, *codes)
        part = contrast(grid, grid.response(response), units)
        rows = grid.rows[part.blocks][:, part.weights != 0]
        keys = grid.runs["run_key"].astype(str).to_numpy()
        identity = (row["dataset"], row["component"], row["level"], row["null_level"])
        traces[identity] = sorted(keys[rows.ravel()])
    return traces
