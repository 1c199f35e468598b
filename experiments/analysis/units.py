"""Units: the weights on cells whose mean is a main effect or an interaction."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.grid import BlockGrid


def unit(grid: BlockGrid, terms: list[tuple[float, tuple[int, ...]]]) -> NDArray[np.float64]:
    """Return one unit Σ weight · cell as an array (1, n_cells); (0, n_cells) if a cell lacks."""
    weights = np.zeros((1, len(grid.cells)))
    for weight, codes in terms:
        column = grid.column(codes)
        if column is None:
            return weights[:0]
        weights[0, column] += weight
    return weights


def main_effect_units(
    grid: BlockGrid, factor: int, level: int, against: int = 0
) -> NDArray[np.float64]:
    """Return all pairs of cells that differ only in `factor`: `level` minus `against`.

    On a full factorial their mean is the main effect; on a smaller design the effect is
    conditioned on the combinations that the design holds. A regular fraction holds no such pair:
    there the one unit is the mean of the cells with `level` minus the mean of those without.
    """
    pairs = [
        unit(grid, [(1.0, codes), (-1.0, _set(codes, {factor: against}))])
        for codes in _cells_with(grid, {factor: level})
    ]
    found = np.concatenate([np.zeros((0, len(grid.cells))), *pairs])
    return found if len(found) else _halves_unit(grid, factor, (level, against))


def _halves_unit(grid: BlockGrid, factor: int, levels: tuple[int, int]) -> NDArray[np.float64]:
    """Return (mean with) − (mean without) where both sides hold every other level equally often.

    Without this balance another component's effect would leak in: then (0, n_cells).
    """
    sides = [_cells_with(grid, {factor: code}) for code in levels]
    others = [index for index in range(len(grid.factors)) if index != factor]
    counts = [[sorted(codes[i] for codes in side) for i in others] for side in sides]
    if len(sides[0]) < 2 or counts[0] != counts[1]:
        return np.zeros((0, len(grid.cells)))
    signs = zip((1.0, -1.0), sides, strict=True)
    return unit(grid, [(sign / len(side), codes) for sign, side in signs for codes in side])


def against_baseline(grid: BlockGrid, cell: int) -> NDArray[np.float64]:
    """Return cell − baseline as one unit, none for the baseline itself or without a baseline."""
    weights = np.zeros((1, len(grid.cells)))
    if grid.baseline is None or cell == grid.baseline:
        return weights[:0]
    weights[0, [cell, grid.baseline]] = 1.0, -1.0
    return weights


def interaction_units(grid: BlockGrid, a: tuple[int, int], b: tuple[int, int]) -> NDArray:
    """Return all quads (a and b) − (a alone) − (b alone) + neither, `a` and `b` (factor, level).

    The mean is the difference between the effect of `a` with `b` and its effect without. It is
    twice the interaction of textbooks on 2^k designs, which halve it.
    """
    quads = []
    for codes in _cells_with(grid, dict([a, b])):
        signs = product(((1.0, True), (-1.0, False)), repeat=2)
        terms = [
            (s * t, _set(codes, {a[0]: a[1] * with_a, b[0]: b[1] * with_b}))
            for (s, with_a), (t, with_b) in signs
        ]
        quads.append(unit(grid, terms))
    return np.concatenate([np.zeros((0, len(grid.cells))), *quads])


def _cells_with(grid: BlockGrid, levels: dict[int, int]) -> list[tuple[int, ...]]:
    cells = [tuple(int(code) for code in row) for row in grid.codes[~grid.is_placebo]]
    return [codes for codes in cells if all(codes[f] == level for f, level in levels.items())]


def _set(codes: tuple[int, ...], levels: dict[int, int]) -> tuple[int, ...]:
    return tuple(levels.get(factor, code) for factor, code in enumerate(codes))
