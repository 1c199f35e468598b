"""Interactions and the pairs they name."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.interactions import COLUMNS, interactions, pair_word
from tests.experiments.analysis.conftest import study_of


def _table(runs, factors):
    table = interactions(runs, study_of(factors, runs))
    keys = ["dataset", "component_a", "level_a", "component_b", "level_b"]
    return table.set_index(keys, drop=False)


def test_pairs_are_named_by_the_sign(run_table, factors) -> None:
    effects = {
        **{"l2:on": 0.02, "dropout:on": 0.02, "l2:on dropout:on": -0.015},
        **{"optimizer:adam augmentation:on": 0.02},
    }
    table = _table(run_table(factors, effects, sd=0.0004), factors)

    redundant = table.loc["mnist", "l2", "on", "dropout", "on"]
    synergistic = table.loc["mnist", "optimizer", "adam", "augmentation", "on"]
    additive = table.loc["mnist", "l2", "on", "augmentation", "on"]

    assert tuple(table.columns) == COLUMNS
    assert len(table) == 12
    assert redundant["pair"] == "redundant"
    assert redundant["interaction_pp"] == pytest.approx(-1.5, abs=0.1)
    assert synergistic["pair"] == "synergistic"
    assert additive["pair"] == "additive"


@pytest.mark.parametrize(
    ("alone_a", "alone_b", "interaction", "word"),
    [
        (2, 2, -1.5, "redundant"),  # both help, together less
        (2, 2, -3.0, "antagonistic"),  # together worse than either
        (2, 2, 1.5, "synergistic"),
        (-2, -2, 1.5, "redundant"),  # both harm, together less harm than the sum
        (-2, -2, 3.0, "synergistic"),  # one takes back the other's harm
        (-2, -2, -1.5, "antagonistic"),
        (2, -2, -1.5, "antagonistic"),
        (2, -2, 1.5, "synergistic"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_word_stays_true_when_both_harm(
    alone_a: float, alone_b: float, interaction: float, word: str, sign: int
) -> None:
    row = {
        "verdict": "helps" if interaction > 0 else "hurts",
        "a_alone_pp": sign * alone_a,
        "b_alone_pp": sign * alone_b,
        "a_with_b_pp": sign * (alone_a + interaction),
        "b_with_a_pp": sign * (alone_b + interaction),
    }

    assert pair_word(row, sign) == word


def test_it_is_both_less_each_alone(run_table, switches) -> None:
    table = _table(run_table(switches, {"a:on": 0.01, "a:on c:on": 0.02}), switches)

    gained = table["together_pp"] - table["a_alone_pp"] - table["b_alone_pp"]

    assert gained.to_numpy() == pytest.approx(table["interaction_pp"].to_numpy())
    row = table.loc["mnist", "a", "on", "c", "on"]
    assert row["together_pp"] == pytest.approx(3.0, abs=0.2)
    assert row["a_alone_pp"] == pytest.approx(1.0, abs=0.2)
    assert row["a_with_b_pp"] == pytest.approx(row["a_alone_pp"] + row["interaction_pp"])
    assert row["b_with_a_pp"] == pytest.approx(row["b_alone_pp"] + row["interaction_pp"])


def test_a_design_of_singles_has_none_and_says_so(run_table, switches) -> None:
    runs = run_table(switches)
    table = _table(runs[runs["cell"].isin(["", "a", "b", "c"])], switches)

    assert table["interaction_pp"].isna().all()
    assert set(table["pair"]) == {"inconclusive"}
    assert table["notes"].str.contains("design lacks").all()


def test_pairs_design_takes_its_four_cells(run_table, switches) -> None:
    runs = run_table(switches, {"a:on b:on": 0.02})
    table = _table(runs[runs["cell"].isin(["", "a", "b", "a+b"])], switches)

    row = table.loc["mnist", "a", "on", "b", "on"]

    assert (row["n_cells"], row["family_size"]) == (4, 1)
    assert row["interaction_pp"] == pytest.approx(2.0, abs=0.4)


def test_lost_runs_are_counted(run_table, factors) -> None:
    runs = run_table(factors)
    runs.loc[(runs["cell"] == "adam") & (runs["replicate"] == 0), "status"] = "diverged"
    row = _table(runs, factors).loc["mnist", "l2", "on", "dropout", "on"]

    assert (row["n_diverged"], row["n_missing"]) == (1, 0)
    assert (row["n"], row["n_cells"]) == (5, 28)
    assert "1 of 8 sets of four cells left out" in row["notes"]


def test_no_runs_give_an_empty_table(run_table, switches) -> None:
    runs = run_table(switches).iloc[:0]
    assert interactions(runs, study_of(switches, runs)).empty


@pytest.mark.slow
@pytest.mark.parametrize("n", [3, 5, 10])
def test_interval_covers_and_test_keeps_its_level(run_table, switches, n: int) -> None:
    datasets = tuple(f"d{i}" for i in range(200))
    runs = run_table(switches, {"a:on b:on": 0.001}, replicates=n, datasets=datasets, seed=n)
    table = interactions(runs, study_of(switches, runs, margins=dict.fromkeys(datasets, 0.3)))
    crossed = (table["component_a"] == "a") & (table["component_b"] == "b")
    truth = np.where(crossed, 0.1, 0.0)

    assert np.mean((table["ci_low_pp"] <= truth) & (table["ci_high_pp"] >= truth)) >= 0.93
    null = table[~crossed]
    assert np.mean(null["p"] < 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(null))
