"""Simple effects: what each of two components does with and without the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.columns import interval
from experiments.analysis.comparison import Comparison
from experiments.analysis.paired import paired_t

_SIDES = {
    "a_alone": "effect of A where B is off",
    "a_with_b": "effect of A where B is on",
    "b_alone": "effect of B where A is off",
    "b_with_a": "effect of B where A is on",
    "together": "both less neither",
}


def simple_effects(
    interaction: Comparison,
    look: int,
    on_a: NDArray[np.bool_],
    on_b: NDArray[np.bool_],
) -> dict[str, float]:
    """Estimate the four simple effects of a pair and what both do together.

    All are means over the cells and blocks that the interaction averages, so that
    a_with_b − a_alone = b_with_a − b_alone = together − a_alone − b_alone = interaction.

    Parameters
    ----------
    interaction : Comparison
        Of the sets of four cells.
    look : int
        The look whose figures stand in the row.
    on_a, on_b : array of bool, shape (n_cells,)
        Cells in which the component has its level.

    Returns
    -------
    dict
        `SCHEMA`, in the response's unit; NaN without a complete set of four cells.
    """
    part = interaction.at(look)
    values = interaction.outcome.response.scale * interaction.outcome.values(interaction.grid)
    sides = {
        "a_alone": -part.weights * ~on_b,
        "a_with_b": part.weights * on_b,
        "b_alone": -part.weights * ~on_a,
        "b_with_a": part.weights * on_a,
        "together": part.weights * (on_a & on_b) - part.weights * ~(on_a | on_b),
    }
    row: dict[str, float] = {}
    for name, weights in sides.items():
        used = np.flatnonzero(weights)
        per_block = values[np.ix_(part.blocks, used)] @ weights[used]
        shown = per_block if part.units.size else per_block[:0]
        estimate = paired_t(shown, confidence=1 - interaction.alpha)
        row[f"{name}_pp"] = estimate.mean
        row[f"{name}_ci_low_pp"], row[f"{name}_ci_high_pp"] = estimate.ci_low, estimate.ci_high
    return row


SCHEMA = tuple(
    column
    for name, meaning in _SIDES.items()
    for column in interval(f"{name}_pp", "pp", meaning, prefix=f"{name}_", description=True)
)
