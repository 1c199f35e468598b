"""Shares of the response's variance: components, interactions and seed noise, summing to 100 %."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.columns import Column, names
from experiments.analysis.grid import BlockGrid, block_grids
from experiments.design.study import Study

SCHEMA = (
    Column("dataset", "", "name of the dataset"),
    Column("term", "", "component, pair of components, replicate or noise"),
    Column("kind", "", "component, interaction or seed"),
    Column("df", "", "degrees of freedom"),
    Column("share", "%", "share of the response's variance", description=True),
    Column("n", "", "complete replicates"),
    Column("reason", "", "why there is no share; empty where there is one"),
)
COLUMNS = names(SCHEMA)


def sums_of_squares(values: NDArray[np.float64]) -> dict[tuple[int, ...], float]:
    """Split the sum of squares of a balanced table into orthogonal terms.

    The term of a set of axes is the table averaged over all other axes and centred along its
    own; its sum of squares counts every entry of the full table. The terms sum to the total
    Σ (x − mean)².

    Parameters
    ----------
    values : array, shape (n_1, …, n_k)
        A balanced table without gaps.

    Returns
    -------
    dict
        Axes of the term (never empty) → sum of squares.
    """
    axes = range(values.ndim)
    subsets = [s for size in range(1, values.ndim + 1) for s in combinations(axes, size)]
    return {subset: _term(values, subset) for subset in subsets}


def _term(values: NDArray[np.float64], subset: tuple[int, ...]) -> float:
    term = values
    for axis in range(values.ndim):
        mean = term.mean(axis=axis, keepdims=True)
        term = term - mean if axis in subset else mean
    return float(np.sum(term**2) * (values.size // term.size))


def grid_shares(grid: BlockGrid) -> pd.DataFrame:
    """Share the variance of one dataset's runs over terms; see `variance_shares`."""
    if not grid.is_full:
        return _without(grid, "the design is not a full factorial")
    values, cells = grid.response(grid.study.response), ~grid.is_placebo
    table = values[np.isfinite(values[:, cells]).all(axis=1)][:, cells]
    if len(table) < 2:
        return _without(grid, f"{len(table)} complete replicates; two are needed")
    # The cells of a full factorial stand in the order of their levels, the last factor's fastest.
    shape = (len(factor.levels) for factor in grid.study.factors)
    squares = sums_of_squares(table.reshape(len(table), *shape))
    total = sum(squares.values())
    if total == 0:
        return _without(grid, "all runs have the same response")
    terms = pd.DataFrame(_rows(squares, grid, len(table)))
    terms["share"] = 100 * terms.pop("squares") / total
    terms.insert(0, "dataset", grid.dataset)
    return terms.assign(n=len(table), reason="")[list(COLUMNS)]


def _rows(
    squares: dict[tuple[int, ...], float], grid: BlockGrid, n_blocks: int
) -> Iterable[dict[str, object]]:
    sizes = (n_blocks, *(len(factor.levels) for factor in grid.study.factors))
    df = {axes: int(np.prod([sizes[axis] - 1 for axis in axes])) for axes in squares}
    crossed = [axes for axes in squares if 0 not in axes]
    for axes in (axes for axes in crossed if len(axes) <= 2):
        term = " × ".join(grid.study.factors[axis - 1].name for axis in axes)
        kind = "component" if len(axes) == 1 else "interaction"
        yield {"term": term, "kind": kind, "df": df[axes], "squares": squares[axes]}
    groups: dict[tuple[str, str], list[tuple[int, ...]]] = {
        ("higher interactions", "interaction"): [axes for axes in crossed if len(axes) > 2],
        ("replicate", "seed"): [(0,)],
        ("seed noise", "seed"): [axes for axes in squares if 0 in axes and len(axes) > 1],
    }
    for (term, kind), members in groups.items():
        pooled = sum(squares[axes] for axes in members)
        yield {"term": term, "kind": kind, "df": sum(df[a] for a in members), "squares": pooled}


def _without(grid: BlockGrid, reason: str) -> pd.DataFrame:
    row = (grid.dataset, "", "", 0, np.nan, 0, reason)
    return pd.DataFrame([row], columns=list(COLUMNS))


def variance_shares(runs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Share the variance of the response over components, interactions and seed noise.

    share = 100 · SS(term) / SS(total), the η² of a balanced analysis of variance with the
    replicate as block. Components, two-way interactions, all higher interactions pooled,
    `replicate` (what all cells of a block share) and `seed noise` (the residual: replicate ×
    cell) sum to 100.

    Parameters
    ----------
    runs : DataFrame
        The run table; only blocks in which every cell was planned enter.
    study : Study
        Whose runs they are.

    Returns
    -------
    DataFrame
        `SCHEMA`. Replicates with a gap are left out (n counts the others). A dataset without a full
        factorial in at least two complete replicates has one row with share NaN and the reason.

    Notes
    -----
    η² gives every degree of freedom its part of the noise: a term with df d and no effect has
    an expected share of about d / df(seed noise) times that of seed noise.
    """
    parts = [grid_shares(grid.whole) for grid in block_grids(runs, study)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)
