"""A family of comparisons: figures per comparison, correction over all of them."""

from __future__ import annotations

import pytest

from experiments.analysis.comparison import comparison, margin_of
from experiments.analysis.equivalence import tost_p
from experiments.analysis.family import SCHEMA, judged
from experiments.analysis.grid import block_grids
from experiments.analysis.outcome import outcome
from experiments.analysis.paired import paired_t
from experiments.analysis.units import main_effect_units

ACCURACY = outcome("test_accuracy")


def _comparison(runs, factors, margin: float = 0.3, **options):
    grid = next(block_grids(runs, factors))
    units = main_effect_units(grid, 0, 1)
    return comparison(grid, units, ACCURACY, margins={"mnist": margin}, **options)


def test_differences_are_percentage_points(run_table, switches) -> None:
    item = _comparison(run_table(switches, {"a:on": 0.01}), switches)
    differences = 100 * item.at(1).per_block
    (row,) = judged([item], family="one", alpha=0.05)

    assert set(row) == {column.name for column in SCHEMA}
    assert row["effect_pp"] == pytest.approx(differences.mean())
    assert row["p_equivalence"] == pytest.approx(tost_p(differences, margin=0.3))
    assert row["p"] == paired_t(differences).p
    assert (row["look"], row["n_looks"], row["open"]) == (1, 1, False)
    inner = paired_t(differences, confidence=0.9)
    assert row["equivalence_ci_low_pp"] == pytest.approx(inner.ci_low)


def test_both_families_are_corrected(run_table, switches) -> None:
    item = _comparison(run_table(switches, {"a:on": 0.01}), switches)
    rows = judged([item, item], family="two", alpha=0.05)

    for row in rows:
        assert row["p_adjusted"] == pytest.approx(2 * row["p"])
        assert row["p_equivalence_adjusted"] == pytest.approx(min(1, 2 * row["p_equivalence"]))
        assert (row["verdict"], row["family"], row["family_size"]) == ("helps", "two", 2)


def test_members_to_come_count(run_table, switches) -> None:
    item = _comparison(run_table(switches, {"a:on": 0.01}), switches)
    (row,) = judged([item], family="more", alpha=0.05, to_come=9)

    assert row["family_size"] == 10
    assert row["p_adjusted"] == pytest.approx(10 * row["p"])


def test_before_the_first_look_figures_stand_without_a_verdict(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.01}, replicates=3)
    item = _comparison(runs, switches, looks={"mnist": (5, 10)})
    (row,) = judged([item], family="one", alpha=0.05)

    assert (row["look"], row["verdict"], row["open"]) == (0, "inconclusive", True)
    assert row["verdict_reason"] == "the first look needs 5 blocks; 3 are there"
    assert row["n"] == 3


def test_margins_are_positive() -> None:
    assert margin_of({"mnist": 0.1}, "mnist") == 0.1
    for margins in ({}, {"mnist": 0.0}, {"mnist": -1.0}, {"mnist": float("nan")}):
        with pytest.raises(ValueError, match="margin of mnist must be a positive"):
            margin_of(margins, "mnist")
