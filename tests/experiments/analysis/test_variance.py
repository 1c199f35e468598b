"""Variance shares: they sum to 100 %, agree with statsmodels, and say when they cannot be had."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols
from statsmodels.stats.anova import AnovaRM, anova_lm

from experiments.analysis.paired import paired_t
from experiments.analysis.variance import sums_of_squares, variance_shares
from tests.experiments.analysis.conftest import study_of

EFFECTS = {"optimizer:adam": 0.02, "l2:on": 0.01, "optimizer:adam l2:on": -0.01}


def test_shares_sum_to_one_hundred(run_table, factors) -> None:
    runs = run_table(factors, EFFECTS, datasets=("mnist", "digits"))

    shares = variance_shares(runs, study_of(factors, runs))

    assert shares.groupby("dataset")["share"].sum().tolist() == pytest.approx([100.0, 100.0])
    assert shares.groupby("dataset")["df"].sum().tolist() == [159, 159]
    assert set(shares["kind"]) == {"component", "interaction", "seed"}


def test_agrees_with_statsmodels_on_a_balanced_design(run_table, factors) -> None:
    runs = run_table(factors, EFFECTS, placebo=False)
    formula = "test_accuracy ~ C(optimizer) * C(l2) + C(dropout) + C(augmentation) + C(replicate)"
    anova = anova_lm(ols(formula, runs).fit(), typ=2)["sum_sq"]
    expected = 100 * anova / anova.sum()

    shares = variance_shares(runs, study_of(factors, runs)).set_index("term")["share"]

    assert shares["optimizer"] == pytest.approx(expected["C(optimizer)"])
    assert shares["l2"] == pytest.approx(expected["C(l2)"])
    assert shares["optimizer × l2"] == pytest.approx(expected["C(optimizer):C(l2)"])
    assert shares["replicate"] == pytest.approx(expected["C(replicate)"])


def test_main_effect_agrees_with_repeated_measures_anova(run_table, switches) -> None:
    runs = run_table(switches, {"a:on": 0.001}, placebo=False)
    table = AnovaRM(runs, "test_accuracy", "replicate", within=["a", "b", "c"]).fit().anova_table
    by_level = runs.pivot_table("test_accuracy", "replicate", "a")

    p = paired_t((by_level["on"] - by_level["off"]).to_numpy()).p

    assert p == pytest.approx(table.loc["a", "Pr > F"])


def test_textbook_sums_of_squares() -> None:
    # Montgomery's plasma etching example, axes (replicate, A, B, C).
    first = [[[550, 1037], [633, 1075]], [[669, 749], [642, 729]]]
    second = [[[604, 1052], [601, 1063]], [[650, 868], [635, 860]]]

    squares = sums_of_squares(np.array([first, second], dtype=float))

    expected = {(1,): 41310.5625, (2,): 217.5625, (3,): 374850.0625, (1, 2): 2475.0625}
    expected |= {(1, 3): 94402.5625, (2, 3): 18.0625, (1, 2, 3): 126.5625}
    assert {axes: squares[axes] for axes in expected} == pytest.approx(expected)
    assert sum(squares.values()) == pytest.approx(531420.9375)


def test_noise_alone_goes_to_the_seed(run_table, switches) -> None:
    runs = run_table(switches, replicates=20)
    shares = variance_shares(runs, study_of(switches, runs))

    assert shares.query("kind == 'seed'")["share"].sum() > 80


def test_incomplete_replicates_are_left_out_and_counted(run_table, switches) -> None:
    runs = run_table(switches)
    runs.loc[0, "status"] = "diverged"

    assert set(variance_shares(runs, study_of(switches, runs))["n"]) == {4}


@pytest.mark.parametrize(
    ("keep", "reason"),
    [
        ("cell != 'a+b+c'", "the design is not a full factorial"),
        ("replicate == 0", "1 complete replicates; two are needed"),
    ],
)
def test_what_cannot_be_had_has_a_reason(run_table, switches, keep: str, reason: str) -> None:
    runs = run_table(switches).query(keep)
    shares = variance_shares(runs, study_of(switches, runs))

    assert shares["reason"].tolist() == [reason]
    assert shares["share"].isna().all()


def test_runs_without_any_variance(run_table, switches) -> None:
    runs = run_table(switches, sd=0.0)
    shares = variance_shares(runs, study_of(switches, runs))

    assert shares["reason"].tolist() == ["all runs have the same response"]


def test_empty_table_gives_an_empty_answer(run_table, switches) -> None:
    runs = run_table(switches).iloc[:0]
    shares = variance_shares(runs, study_of(switches, runs))

    assert isinstance(shares, pd.DataFrame)
    assert shares.empty
