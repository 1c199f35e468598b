"""Two-way interactions, and the pairs of components they make redundant or synergistic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.comparison import PP, margin_of
from experiments.analysis.contrasts import BlockContrast, contrast, interaction_units
from experiments.analysis.equivalence import tost_p
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.analysis.multiplicity import holm
from experiments.analysis.paired import paired_t
from experiments.design.factors import Factor

FAMILY = "two-way interactions of the study, all datasets"
_Switch = tuple[int, int]  # factor, level


def interactions(
    runs: pd.DataFrame,
    factors: Sequence[Factor],
    *,
    margins: Mapping[str, float],
    response: str = "test_accuracy",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Estimate how the effect of one component depends on another.

    interaction = (effect of A with B) − (effect of A without B), averaged per block over all
    combinations of the other factors that the design holds; twice the textbook's on 2^k
    designs. The same number is (both) − (A alone) − (B alone) + (neither), which names the
    pair: *synergistic* when it is above zero (adjusted p below alpha and interval above zero:
    together they bring more than the sum), *redundant* when it is below zero (together less
    than the sum), *additive* when TOST shows it smaller than the margin, else *inconclusive*.
    Additive wins over the first two, as equivalence does in `verdicts.decide`.

    Parameters
    ----------
    runs, factors, response, alpha
        As for `component_effects`.
    margins : mapping
        Equivalence margin in percentage points per dataset.

    Returns
    -------
    DataFrame
        `COLUMNS`; `a_alone_pp`, `b_alone_pp`, `together_pp` are gains over neither in the same
        combinations and blocks. `p_adjusted` is Holm's over `family`. Without the four cells,
        or with fewer than two complete blocks, figures are NaN and `notes` says so.
    """
    rows = [
        _row(grid, a, b, margin_of(margins, grid.dataset), response, alpha)
        for grid in block_grids(runs, factors)
        for a, b in _pairs(grid)
    ]
    table = pd.DataFrame(rows)
    if table.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    table["p_adjusted"] = holm(table["p"])
    table["family"], table["family_size"] = FAMILY, int(table["p"].notna().sum())
    table["pair"] = [_pair(row, alpha) for row in table.to_dict("records")]
    return table[list(COLUMNS)]


def _pairs(grid: BlockGrid) -> Iterator[tuple[_Switch, _Switch]]:
    levels = [sorted(set(codes.tolist()) - {0}) for codes in grid.codes.T]
    for a, b in combinations(range(len(levels)), 2):
        for level_a in levels[a]:
            for level_b in levels[b]:
                yield (a, level_a), (b, level_b)


def _row(
    grid: BlockGrid, a: _Switch, b: _Switch, margin: float, response: str, alpha: float
) -> dict[str, Any]:
    values = grid.response(response)
    part = contrast(grid, values, interaction_units(grid, a, b))
    differences = part.per_block * PP
    estimate = paired_t(differences, confidence=1 - alpha)
    row: dict[str, Any] = {"dataset": grid.dataset}
    for side, (factor, level) in (("a", a), ("b", b)):
        row[f"component_{side}"] = grid.factors[factor].name
        row[f"level_{side}"] = grid.factors[factor].labels[level]
    row |= {"n": estimate.n, "n_cells": part.n_cells}
    row |= {"n_missing": part.n_missing, "n_diverged": part.n_diverged}
    row |= {"interaction_pp": estimate.mean, "ci_low_pp": estimate.ci_low}
    row |= {"ci_high_pp": estimate.ci_high, "p": estimate.p}
    row |= {"p_equivalence": tost_p(differences, margin=margin), "margin_pp": margin}
    return row | _gains(grid, values, part, a, b) | {"notes": _notes(part)}


def _gains(
    grid: BlockGrid, values: NDArray[np.float64], part: BlockContrast, a: _Switch, b: _Switch
) -> dict[str, float]:
    """Mean response of A alone, B alone and both, less that of neither, in pp."""
    if not part.units.size:
        return dict.fromkeys(("a_alone_pp", "b_alone_pp", "together_pp"), np.nan)
    on_a, on_b = grid.codes[:, a[0]] == a[1], grid.codes[:, b[0]] == b[1]
    used = part.weights != 0

    def mean(cells: NDArray[np.bool_]) -> float:
        return float(PP * values[np.ix_(part.blocks, np.flatnonzero(used & cells))].mean())

    neither = mean(~on_a & ~on_b)
    return {
        "a_alone_pp": mean(on_a & ~on_b) - neither,
        "b_alone_pp": mean(~on_a & on_b) - neither,
        "together_pp": mean(on_a & on_b) - neither,
    }


def _notes(part: BlockContrast) -> str:
    if not part.n_units_planned:
        return "no interaction: the design lacks cells with both, one and neither"
    lost = part.n_units_planned - part.units.shape[1]
    return f"{lost} of {part.n_units_planned} sets of four cells left out for lost runs" * (
        lost > 0
    )


def _pair(row: Mapping[Any, Any], alpha: float) -> str:
    if row["p_equivalence"] < alpha:
        return "additive"
    if row["p_adjusted"] < alpha and row["ci_low_pp"] > 0:
        return "synergistic"
    if row["p_adjusted"] < alpha and row["ci_high_pp"] < 0:
        return "redundant"
    return "inconclusive"


COLUMNS = (
    *("dataset", "component_a", "level_a", "component_b", "level_b", "n", "n_cells"),
    *("n_missing", "n_diverged", "interaction_pp", "ci_low_pp", "ci_high_pp"),
    *("p", "p_adjusted", "family", "family_size", "margin_pp", "p_equivalence"),
    *("a_alone_pp", "b_alone_pp", "together_pp", "pair", "notes"),
)
