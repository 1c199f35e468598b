"""Leave-one-out beside add-one-in: a component taken from the full recipe, or put in the bare."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.grid import BlockGrid
from experiments.analysis.units import unit


def leave_one_out_unit(
    grid: BlockGrid, factor: int, level: int, against: int = 0
) -> NDArray[np.float64]:
    """Return (all components on) − (all on but `against` here): what its removal loses.

    "On" is `level` for `factor` and the named alternative for every other factor. The sign is
    that of the component's presence: positive when the full recipe is better with it.

    Returns
    -------
    array, shape (1, n_cells)
        Weights, or (0, n_cells) when the design lacks one of the two cells.
    """
    full = full_codes(grid, factor, level)
    return unit(grid, [(1.0, full), (-1.0, (*full[:factor], against, *full[factor + 1 :]))])


def add_one_in_unit(
    grid: BlockGrid, factor: int, level: int, against: int = 0
) -> NDArray[np.float64]:
    """Return (baseline with this component) − baseline: what it adds alone; form as above."""
    base = [0] * len(grid.factors)
    alone, other = ((*base[:factor], code, *base[factor + 1 :]) for code in (level, against))
    return unit(grid, [(1.0, alone), (-1.0, other)])


def full_codes(grid: BlockGrid, factor: int, level: int, against: int = 0) -> tuple[int, ...]:
    """Return the codes of "all on": `level` for `factor`, the alternative for the others."""
    codes = [f.labels.index(f.alternative) for f in grid.factors]
    codes[factor] = level
    return tuple(codes)
