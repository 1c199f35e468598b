"""A family of comparisons: figures per comparison, correction over all of them."""

from __future__ import annotations

import pytest

from experiments.analysis.comparison import comparison
from experiments.analysis.equivalence import tost_p
from experiments.analysis.family import SCHEMA, judged
from experiments.analysis.grid import block_grids
from experiments.analysis.outcome import outcome
from experiments.analysis.paired import paired_t
from experiments.analysis.units import main_effect_units
from tests.experiments.analysis.conftest import study_of


def _comparison(runs, factors, **fields):
    study = study_of(factors, runs, margins={"mnist": 0.3}, **fields)
    grid = next(block_grids(runs, study))
    units = main_effect_units(grid, "a", "on", "off")
    return comparison(grid, units, outcome(study)), study


def test_differences_are_percentage_points(run_table, switches) -> None:
    item, study = _comparison(run_table(switches, {"a:on": 0.01}), switches)
    differences = 100 * item.at(1).per_block
    (row,) = judged([item], study, family="one")

    assert set(row) == {column.name for column in SCHEMA}
    assert row["effect_pp"] == pytest.approx(differences.mean())
    assert row["p_equivalence"] == pytest.approx(tost_p(differences, margin=0.3))
    assert row["p"] == paired_t(differences).p
    assert (row["look"], row["n_looks"], row["open"]) == (1, 1, False)
    inner = paired_t(differences, confidence=0.9)
    assert row["equivalence_ci_low_pp"] == pytest.approx(inner.ci_low)


def test_both_families_are_corrected(run_table, switches) -> None:
    item, study = _comparison(run_table(switches, {"a:on": 0.01}), switches)
    rows = judged([item, item], study, family="two")

    for row in rows:
        assert row["p_adjusted"] == pytest.approx(2 * row["p"])
        assert row["p_equivalence_adjusted"] == pytest.approx(min(1, 2 * row["p_equivalence"]))
        assert (row["verdict"], row["family"], row["family_size"]) == ("helps", "two", 2)


def test_members_to_come_count(run_table, switches) -> None:
    item, study = _comparison(run_table(switches, {"a:on": 0.01}), switches)
    (row,) = judged([item], study, family="more", to_come=9)

    assert row["family_size"] == 10
    assert row["p_adjusted"] == pytest.approx(10 * row["p"])


def test_before_the_first_look_figures_stand_without_a_verdict(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.01}, replicates=3)
    item, study = _comparison(runs, switches, looks={"mnist": (5, 10)})
    (row,) = judged([item], study, family="one")

    assert (row["look"], row["verdict"], row["open"]) == (0, "inconclusive", True)
    assert row["verdict_reason"] == "the first look needs 5 blocks; 3 are there"
    assert row["n"] == 3
