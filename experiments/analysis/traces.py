"""Which runs an answer rests on."""

from __future__ import annotations

import pandas as pd

from experiments.analysis.contrasts import contrast
from experiments.analysis.grid import block_grids
from experiments.analysis.units import main_effect_units
from experiments.design.study import Study


def component_run_keys(
    runs: pd.DataFrame, study: Study, effects: pd.DataFrame
) -> dict[tuple[str, str, str, str], list[str]]:
    """Return the keys of the runs that enter each main effect.

    Parameters
    ----------
    runs : DataFrame
        The run table.
    study : Study
        Whose runs they are.
    effects : DataFrame
        What `component_effects` returned.

    Returns
    -------
    dict
        (dataset, component, level, null level) → sorted run keys of the kept cells in the kept
        blocks, up to the row's look; empty when there is no effect to speak of.
    """
    grids = {grid.dataset: grid for grid in block_grids(runs, study)}
    traces: dict[tuple[str, str, str, str], list[str]] = {}
    for row in effects.to_dict("records"):
        switch = row["component"], row["level"], row["null_level"]
        grid = grids[row["dataset"]].at(row["look"])
        part = contrast(grid, grid.response(study.response), main_effect_units(grid, *switch))
        rows = grid.rows[part.blocks][:, part.weights != 0]
        keys = grid.runs["run_key"].astype(str).to_numpy()
        traces[row["dataset"], *switch] = sorted(keys[rows.ravel()])
    return traces
