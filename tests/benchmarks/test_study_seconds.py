"""The table of what a study's seconds are spent on."""

import pandas as pd
import pytest

from benchmarks.study_seconds import PHASES, product_seconds, shares, table


def runs(**changes) -> pd.DataFrame:
    seconds = dict(zip(PHASES, (1.0, 3.0, 4.0, 1.0, 0.5, 0.5), strict=True))
    whole = {"status": "ok", "fit_cpu_s": 9.0, "fit_wall_s": 10.0, **seconds}
    return pd.DataFrame([whole, whole, {**whole, "status": "failed", "data_s": 1e6}]).assign(
        **changes
    )


def test_shares_are_those_of_the_finished_runs_and_sum_to_one() -> None:
    found = shares(runs())
    assert found["n"] == 2
    assert found[list(PHASES)].sum() == pytest.approx(1)
    assert found["backward_s"] == pytest.approx(0.4)
    assert found["waiting"] == pytest.approx(0.1)


def test_without_a_finished_run_there_is_nothing_to_share() -> None:
    with pytest.raises(ValueError, match="Train the study first"):
        shares(runs(status="failed"))


def test_the_table_has_a_row_for_each_dataset() -> None:
    row = shares(runs())
    lines = table({"digits": row, "forest": row.copy()}).splitlines()
    assert lines[2] == "| digits | 2 | 10 % | 30 % | 40 % | 10 % | 5 % | 5 % | 10 % | – |"
    row["products"] = 1.5
    assert table({"digits": row}).endswith("| 1.50 |")


def test_more_work_takes_longer() -> None:
    assert product_seconds((256, 256, 10), 128) > product_seconds((16, 16, 10), 16) > 0
