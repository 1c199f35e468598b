"""Exact Shapley shares: how much of full − base each component accounts for."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np

from experiments.analysis.grid import BlockGrid
from experiments.analysis.units import Units, full_levels, unit


def shapley_weights(n_components: int, component: int) -> dict[frozenset[int], float]:
    """Return the weight of every coalition's value in a component's Shapley share.

    φ_i = Σ over S without i of |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)).

    Parameters
    ----------
    n_components : int
        Number of components n.
    component : int
        Which one, in [0, n).

    Returns
    -------
    dict
        Coalition → weight; over all components the weights sum to +1 for the full coalition,
        −1 for the empty one and 0 elsewhere, hence the shares sum to full − base.

    References
    ----------
    Shapley (1953), "A value for n-person games".

    Examples
    --------
    >>> sorted(shapley_weights(2, 0).values())
    [-0.5, -0.5, 0.5, 0.5]
    """
    others = [i for i in range(n_components) if i != component]
    weights: dict[frozenset[int], float] = {}
    for size in range(n_components):
        share = factorial(size) * factorial(n_components - size - 1) / factorial(n_components)
        for coalition in combinations(others, size):
            weights[frozenset(coalition)] = -share
            weights[frozenset((*coalition, component))] = share
    return weights


def shapley_unit(grid: BlockGrid, factor: str, level: str, against: str) -> Units:
    """Return the Shapley share of `factor` as weights on cells.

    The game's players are the factors, each off (null level) or on: `level` for `factor`, the
    named alternative for the others. Within the game the shares sum to full − base.

    Returns
    -------
    array, shape (1, n_cells)
        Weights, or (0, n_cells) when the design lacks one of the 2^k cells, or when the level is
        compared with another one than the null level, which is no player's absence.
    """
    null, full = grid.study.baseline, full_levels(grid, factor, level)
    if against != null[factor]:
        return np.zeros((0, len(grid.cells)))
    players = list(full)
    return unit(
        grid,
        [
            (weight, {**null, **{players[i]: full[players[i]] for i in coalition}})
            for coalition, weight in shapley_weights(len(players), players.index(factor)).items()
        ],
    )
