"""The verdict depends on X."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.depends import COLUMNS, with_dependence
from experiments.analysis.effects import component_effects
from experiments.analysis.interactions import interactions
from tests.experiments.analysis.conftest import study_of


def _table(runs, factors, **fields):
    study = study_of(factors, runs, margins={"mnist": 0.3}, **fields)
    effects = component_effects(runs, study, rng=np.random.default_rng(0))
    pairs = interactions(runs, study)
    table = with_dependence(effects, pairs)
    return table.set_index(["component", "level", "null_level"], drop=False)


def test_dropout_that_hurts_beside_augmentation_only(run_table, factors) -> None:
    runs = run_table(factors, {"dropout:on augmentation:on": -0.012}, replicates=10)
    table = _table(runs, factors)
    row = table.loc["dropout", "on", "off"]

    assert set(COLUMNS) <= set(table.columns)
    assert (row["verdict"], row["average_verdict"]) == ("depends", "hurts")
    assert row["depends_on"] == "augmentation: on"
    assert row["simple_without_pp"] == pytest.approx(0, abs=0.1)
    assert row["simple_with_pp"] == pytest.approx(-1.2, abs=0.1)
    assert row["simple_with_ci_low_pp"] < -1.2 < row["simple_with_ci_high_pp"]
    assert "with and without augmentation: on" in row["verdict_reason"]


def test_opposite_signs_hide_in_an_average_of_zero(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.01, "a:on b:on": -0.02}, replicates=10)
    row = _table(runs, switches).loc["a", "on", "off"]

    assert (row["verdict"], row["average_verdict"]) == ("depends", "equivalent")
    assert row["simple_without_pp"] > 0 > row["simple_with_pp"]


def test_two_effects_that_both_matter_keep_the_average(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.02, "a:on b:on": -0.01}, replicates=10)
    row = _table(runs, switches).loc["a", "on", "off"]

    assert (row["verdict"], row["depends_on"]) == ("helps", "")
    assert np.isnan(row["simple_with_pp"])


def test_an_interaction_within_the_margin_changes_nothing(run_table, switches) -> None:
    # Simple effects of 0.29 and 0.31 straddle the margin, their difference does not matter.
    runs = run_table(switches, {"a:on": 0.0029, "a:on b:on": 0.0002}, replicates=40, sd=1e-4)
    table = _table(runs, switches)

    assert set(table["verdict"]) <= {"helps", "equivalent"}


def test_the_strongest_is_named_first(run_table, switches) -> None:
    effects = {"a:on": 0.02, "a:on b:on": -0.03, "a:on c:on": -0.04}
    row = _table(run_table(switches, effects, replicates=10), switches).loc["a", "on", "off"]

    assert row["depends_on"] == "c: on; b: on"


def test_two_levels_asked_for_keep_their_verdict(run_table, factors) -> None:
    runs = run_table(factors, {"optimizer:adam l2:on": -0.02}, replicates=10)
    table = _table(runs, factors, contrasts=[("adam", "momentum")])

    assert table.loc["optimizer", "adam", "sgd"]["verdict"] == "depends"
    assert table.loc["optimizer", "adam", "momentum"]["verdict"] == "hurts"
