"""Shapley shares: efficiency, symmetry, textbook game."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.contrasts import contrast
from experiments.analysis.grid import block_grids
from experiments.analysis.shapley import shapley_unit, shapley_weights
from tests.experiments.analysis.conftest import study_of


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_shares_sum_to_full_minus_base_for_any_game(n: int) -> None:
    rng = np.random.default_rng(n)
    full = frozenset(range(n))
    value = {c: rng.standard_normal() for i in range(n) for c in shapley_weights(n, i)}

    shares = [sum(w * value[c] for c, w in shapley_weights(n, i).items()) for i in range(n)]

    assert sum(shares) == pytest.approx(value[full] - value[frozenset()])


def test_glove_game() -> None:
    # One left glove (0), two right gloves (1, 2); a pair is worth 1: shares 2/3, 1/6, 1/6.
    shares = [
        sum(w * (0 in c and len(c) > 1) for c, w in shapley_weights(3, i).items()) for i in range(3)
    ]

    assert shares == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_shares_on_runs_sum_and_credit_interactions_half_and_half(run_table, factors) -> None:
    effects = {"optimizer:adam": 0.03, "l2:on": 0.01, "optimizer:adam l2:on": -0.004}
    runs = run_table(factors, effects, sd=0.0)
    grid = next(block_grids(runs, study_of(factors, runs)))
    values = grid.response("test_accuracy")

    units = [shapley_unit(grid, f.name, f.alternative, f.null) for f in factors]
    shares = [contrast(grid, values, own).per_block[0] for own in units]

    assert shares == pytest.approx([0.028, 0.008, 0.0, 0.0])
    assert sum(shares) == pytest.approx(0.036)


def test_a_design_without_the_cells_has_no_unit(run_table, switches) -> None:
    runs = run_table(switches)
    study = study_of(switches, runs)
    singles = next(block_grids(runs[runs["cell"].isin(["", "a", "b", "c"])], study))

    assert shapley_unit(singles, "a", "on", "off").shape == (0, 4)
