"""Conclusion flip: best of k, its noise over blocks, and who leads."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.conclusion_flip import COLUMNS, conclusion_flip, flips, median_best


def _ledger(blocks: int, arms: dict[str, list[float]], noise: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    rows = [
        (
            "digits",
            replicate,
            arm,
            trial,
            "ok" if score == score else "diverged",
            score + noise * rng.standard_normal(),
        )
        for replicate in range(blocks)
        for arm, scores in arms.items()
        for trial, score in enumerate(scores)
    ]
    columns = ["dataset", "replicate", "arm", "trial", "status", "value"]
    return pd.DataFrame(rows, columns=columns)


def test_the_median_best_is_what_enumeration_gives() -> None:
    scores = np.array([0.3, 0.1, 0.7, 0.5, 0.2])
    for k in range(1, 6):
        best = [max(drawn) for drawn in combinations(scores, k)]
        expected = np.quantile(best, 0.5, method="inverted_cdf")
        assert median_best(scores, k) == pytest.approx(expected)


def test_the_lead_passes_on_with_the_budget() -> None:
    # One trial: the safe arm. All of them: the arm with one excellent rate.
    ledger = _ledger(6, {"safe": [0.8, 0.8, 0.8], "sharp": [0.5, 0.9, 0.5]}, noise=0.001)
    table = conclusion_flip(ledger)

    assert tuple(table.columns) == COLUMNS
    assert flips(table) == [(1, "safe"), (2, "sharp")]
    assert set(table["n_blocks"]) == {6}
    assert ((table["low"] < table["median"]) & (table["median"] < table["high"])).all()


def test_within_the_noise_arms_lead_together_and_nothing_flips() -> None:
    ledger = _ledger(6, {"a": [0.8, 0.8], "b": [0.801, 0.8]}, noise=0.02)
    table = conclusion_flip(ledger)

    assert table["leads"].all()
    assert len(flips(table)) == 1


def test_the_band_narrows_with_blocks() -> None:
    few, many = (conclusion_flip(_ledger(n, {"a": [0.8]}, noise=0.01)).iloc[0] for n in (3, 30))

    assert many["high"] - many["low"] < few["high"] - few["low"]


def test_an_arm_that_diverged_in_a_block_does_not_lead() -> None:
    table = conclusion_flip(_ledger(3, {"a": [0.5], "b": [np.nan]})).set_index("arm")

    assert table["leads"].to_dict() == {"a": True, "b": False}
    assert np.isnan(table.loc["b", "median"])


def test_a_loss_leads_from_below() -> None:
    ledger = _ledger(4, {"a": [0.5], "b": [0.9]}, noise=0.001)
    table = conclusion_flip(ledger, sign=-1).set_index("arm")

    assert table["leads"].to_dict() == {"a": True, "b": False}
    assert table.loc["a", "low"] < 0.5 < table.loc["a", "high"]


def test_an_empty_ledger_gives_an_empty_table() -> None:
    assert conclusion_flip(_ledger(0, {})).empty
