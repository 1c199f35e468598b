"""Ranks as description."""

from __future__ import annotations

import pytest

from experiments.analysis.ranks import COLUMNS, rank_table
from tests.experiments.analysis.conftest import study_of


def test_the_best_cell_leads(run_table, switches) -> None:
    effects = {"a:on": 0.1, "b:on": 0.05, "c:on": 0.02}
    runs = run_table(switches, effects)
    table = rank_table(runs, study_of(switches, runs))

    assert tuple(table.columns) == COLUMNS
    assert table["cell"].tolist()[:2] == ["a+b+c", "a+b"]
    assert table["mean_rank"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert table["best_share"].tolist() == [1, 0, 0, 0, 0, 0, 0, 0]
    assert "placebo" not in set(table["cell"])


def test_ties_share_a_rank_and_datasets_are_averaged(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.1}, sd=0.0, datasets=("mnist", "digits"))
    table = rank_table(runs, study_of(switches, runs))

    assert set(table["mean_rank"]) == {2.5, 6.5}
    assert table["mean_rank"].mean() == pytest.approx(4.5)
    assert (table["mean_rank_datasets"] == table["mean_rank"]).all()
    assert set(table["n_datasets"]) == {2}


def test_incomplete_blocks_are_left_out_and_counted(run_table, switches) -> None:
    runs = run_table(switches)
    runs.loc[0, "status"] = "diverged"

    assert set(rank_table(runs, study_of(switches, runs))["n"]) == {4}
