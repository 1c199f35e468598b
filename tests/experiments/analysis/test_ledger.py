"""What the ledger says of the tuning: worked examples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.ledger import COLUMNS, binned, ordered, tuned_fields, winners

# Arm, block, (rate, validation accuracy, chosen) of each trial; an accuracy of None diverged.
Block = tuple[str, int, Sequence[tuple[float, float | None, bool]]]


def ledger(*blocks: Block, tuned: str = "learning_rate", dataset: str = "digits") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "dataset": dataset,
                "arm": arm,
                "tuned": tuned,
                "replicate": replicate,
                "trial": trial,
                tuned: rate,
                "value": np.nan if accuracy is None else accuracy,
                "status": "diverged" if accuracy is None else "ok",
                "chosen": chosen,
            }
            for arm, replicate, trials in blocks
            for trial, (rate, accuracy, chosen) in enumerate(trials)
        ]
    )


THREE = ledger(
    ("sgd", 0, [(0.1, 0.90, False), (0.01, 0.80, False), (1.0, 0.95, True)]),
    ("sgd", 1, [(0.1, 0.92, True), (0.02, 0.85, False), (2.0, 0.90, False)]),
    ("sgd", 2, [(0.1, 0.80, False), (0.04, 0.85, True), (4.0, None, False)]),
    ("sgd", 3, [(0.1, None, False), (0.05, None, False), (5.0, None, False)]),
)


def test_winners_say_where_the_chosen_trials_lie() -> None:
    """Of three tuned blocks one chose its highest trial, one its lowest, one its middle."""
    (row,) = winners(THREE).to_dict("records")
    assert list(row) == list(COLUMNS)
    assert (row["dataset"], row["arm"], row["field"]) == ("digits", "sgd", "learning_rate")
    assert (row["n"], row["n_not_tuned"]) == (3, 1)
    assert row["median"] == 0.1
    assert (row["at_low_edge"], row["at_high_edge"]) == pytest.approx((1 / 3, 1 / 3))


def test_every_tuned_field_of_an_arm_has_its_row() -> None:
    strengths = ledger(("l2+dropout", 0, [(1e-4, 0.9, True)]), tuned="l2")
    strengths = strengths.assign(tuned="l2, dropout", dropout=0.3, learning_rate=0.1)
    both = pd.concat([THREE, strengths])
    fields = [("digits", "sgd", "learning_rate"), ("digits", "l2+dropout", "l2"),
              ("digits", "l2+dropout", "dropout")]  # fmt: skip
    assert tuned_fields(both) == fields
    table = winners(both).set_index(["arm", "field"])
    assert list(table.index) == [(arm, field) for _, arm, field in fields]
    assert table.loc[("l2+dropout", "dropout"), "median"] == 0.3
    # One trial is lowest and highest at once.
    assert table.loc[("l2+dropout", "l2"), "at_low_edge"] == 1


def test_an_arm_that_no_block_tuned_has_no_winner() -> None:
    (row,) = winners(THREE[THREE["replicate"] == 3]).to_dict("records")
    assert (row["n"], row["n_not_tuned"]) == (0, 1)
    assert np.isnan([row["median"], row["at_low_edge"], row["at_high_edge"]]).all()


def test_an_empty_ledger_gives_empty_tables() -> None:
    nothing = THREE.iloc[:0]
    assert winners(nothing).empty
    assert binned(nothing, "learning_rate").empty
    assert ordered(nothing, ["sgd", "adam"], confidence=0.95).empty


def test_trials_are_averaged_over_equal_parts_of_the_range() -> None:
    """Three trials a block: three parts, [0.01, 0.058], [0.058, 0.34] and [0.34, 2]."""
    found = binned(THREE, "learning_rate")
    assert list(found) == ["dataset", "arm", "learning_rate", "value", "chosen"]
    rates = [(0.01 * 0.02 * 0.04) ** (1 / 3), 0.1, (1 * 2) ** 0.5]
    assert found["learning_rate"].tolist() == pytest.approx(rates)
    means = [(0.80 + 0.85 + 0.85) / 3, (0.90 + 0.92 + 0.80) / 3, (0.95 + 0.90) / 2]
    assert found["value"].tolist() == pytest.approx(means)
    assert found["chosen"].tolist() == [1, 1, 1]


def test_a_field_is_averaged_where_it_is_tuned() -> None:
    assert binned(THREE.assign(l2=1e-4), "l2").empty
    assert binned(THREE[THREE["status"] == "diverged"], "learning_rate").empty


def best(arm: str, *accuracies: float | None) -> list[Block]:
    """One trial in each block; None is a block without a chosen one."""
    return [(arm, i, [(0.1, a, a is not None)]) for i, a in enumerate(accuracies)]


def test_a_richer_optimizer_is_held_against_the_next_simpler_one() -> None:
    """Differences of 1, 2 and 3 points: 2 ± 4.3027 · 1 / √3."""
    made = ledger(*best("sgd", 0.90, 0.90, 0.90), *best("momentum", 0.91, 0.92, 0.93))
    (row,) = ordered(made, ["sgd", "momentum"], confidence=0.95).to_dict("records")
    assert (row["simpler"], row["richer"], row["n"]) == ("sgd", "momentum", 3)
    assert row["difference"] == pytest.approx(0.02)
    assert row["ci_low"] == pytest.approx(0.02 - 0.0430265 / np.sqrt(3), abs=1e-6)
    assert row["ci_high"] == pytest.approx(0.02 + 0.0430265 / np.sqrt(3), abs=1e-6)
    assert row["holds"]


def test_a_richer_optimizer_that_is_clearly_worse_shows_a_faulty_tuning() -> None:
    made = ledger(*best("sgd", 0.95, 0.95, 0.95), *best("adam", 0.90, 0.91, 0.92))
    (row,) = ordered(made, ["sgd", "adam"], confidence=0.95).to_dict("records")
    assert row["ci_high"] < 0
    assert not row["holds"]


def test_blocks_where_either_was_not_tuned_are_left_out() -> None:
    made = ledger(
        *best("sgd", 0.90, 0.91, None, 0.92),
        *best("momentum", None, 0.93, 0.99, 0.94),
        *best("adam", 0.95, 0.95, 0.95, 0.95),
    )
    table = ordered(made, ["sgd", "momentum", "nadam", "adam"], confidence=0.95)
    assert table[["simpler", "richer", "n"]].to_numpy().tolist() == [
        ["sgd", "momentum", 2],
        ["momentum", "adam", 3],
    ]
    assert table.loc[0, "difference"] == pytest.approx(0.02)


def test_each_dataset_is_compared_for_itself() -> None:
    blocks = [*best("sgd", 0.9, 0.9), *best("adam", 0.91, 0.93)]
    made = pd.concat([ledger(*blocks), ledger(*blocks, dataset="mnist")])
    table = ordered(made, ["sgd", "adam"], confidence=0.95)
    assert table["dataset"].tolist() == ["digits", "mnist"]
