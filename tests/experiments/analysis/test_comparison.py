"""One comparison in full."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.comparison import compare, judge, margin_of
from experiments.analysis.contrasts import contrast, main_effect_units
from experiments.analysis.equivalence import tost_p
from experiments.analysis.grid import block_grids
from experiments.analysis.paired import paired_t


@pytest.fixture
def part(run_table, switches):
    grid = next(block_grids(run_table(switches, {"a:on": 0.01}), switches))
    return contrast(grid, grid.response("test_accuracy"), main_effect_units(grid, 0, 1))


def test_differences_are_percentage_points(part) -> None:
    made = compare(part, margin=0.3, rng=np.random.default_rng(0))

    assert made.row["effect_pp"] == pytest.approx(100 * part.per_block.mean())
    assert made.row["p_equivalence"] == pytest.approx(tost_p(100 * part.per_block, margin=0.3))
    assert made.estimate == paired_t(100 * part.per_block)
    assert made.row["sign_flip_p"] == made.row["smallest_p"] == 0.0625


def test_judging_leaves_the_rows_alone(part) -> None:
    made = compare(part, margin=0.3, rng=np.random.default_rng(0))
    rows = pd.DataFrame([made.row, made.row])

    judged = judge(rows, [made, made], family="two", alpha=0.05)

    assert "verdict" not in rows
    assert judged["p_adjusted"].tolist() == pytest.approx([2 * made.row["p"]] * 2)
    assert judged["verdict"].tolist() == ["helps", "helps"]
    assert set(judged["family"]) == {"two"}


def test_margins_are_positive() -> None:
    assert margin_of({"mnist": 0.1}, "mnist") == 0.1
    for margins in ({}, {"mnist": 0.0}, {"mnist": -1.0}, {"mnist": float("nan")}):
        with pytest.raises(ValueError, match="margin of mnist must be a positive"):
            margin_of(margins, "mnist")
