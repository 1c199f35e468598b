"""The time-to-target tables."""

from __future__ import annotations

from math import inf

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.time_to_target import (
    CELL_COLUMNS,
    COMPONENT_COLUMNS,
    cell_times,
    component_times,
    target_grids,
)


@pytest.fixture
def study(run_table, switches) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs reach 0.9 in epoch 4 (5 s), with `a` in epoch 1 (2 s), with `b` never."""
    runs = run_table(switches, replicates=3)
    first = np.where(runs["b"] == "on", 99, np.where(runs["a"] == "on", 1, 4))
    epochs = np.arange(6)
    history = pd.DataFrame(
        {
            "run_key": np.repeat(runs["run_key"], 6),
            "epoch": np.tile(epochs, len(runs)),
            "val_accuracy": np.where(epochs >= first[:, None], 0.9, 0.5).ravel(),
            "elapsed_s": np.tile(epochs + 1.0, len(runs)),
        }
    )
    return runs, history


def test_cells(study, switches) -> None:
    table = cell_times(*study, switches).set_index("cell", drop=False)

    assert tuple(table.columns) == CELL_COLUMNS
    assert table["median_s"][["a", "c", "placebo", "b"]].tolist() == [2.0, 5.0, 5.0, inf]
    assert table["n_reached"][["a", "b"]].tolist() == [3, 0]
    assert set(table["target"]) == {0.9}  # the median of the baseline's best
    assert set(table["horizon_s"]) == {6.0}


def test_components(study, switches) -> None:
    table = component_times(*study, switches).set_index("component", drop=False)
    a, b = table.loc["a"], table.loc["b"]

    assert tuple(table.columns) == COMPONENT_COLUMNS
    assert (a["n_with"], a["n_reached_with"], a["n_reached_without"]) == (12, 6, 6)
    assert (a["median_s_with"], a["median_s_without"]) == (2.0, 5.0)
    assert a["difference_s"] == pytest.approx(-1.5)  # 3 s sooner in the half without b
    assert (b["n_reached_with"], b["median_s_with"]) == (0, inf)
    assert b["difference_s"] == pytest.approx(6 - 3.5)


def test_a_named_target_wins(study, switches) -> None:
    runs, history = study

    table = cell_times(runs, history, switches, targets={"mnist": 0.5})

    assert set(table["median_s"]) == {1.0}
    assert set(table["target"]) == {0.5}


def test_diverged_runs_miss_and_failed_ones_say_nothing(study, switches) -> None:
    runs, history = study
    a = np.flatnonzero(runs["cell"] == "a")
    runs.loc[a[0], "status"], runs.loc[a[1], "status"] = "diverged", "failed"

    row = cell_times(runs, history, switches).set_index("cell").loc["a"]

    assert (row["n"], row["n_reached"]) == (2, 1)


def test_a_diverged_run_without_history_misses(study, switches) -> None:
    runs, history = study
    first = runs.index[runs["cell"] == "a"][0]
    runs.loc[first, "status"] = "diverged"
    kept = history[history["run_key"] != runs.loc[first, "run_key"]]

    (item,) = target_grids(runs, kept, switches)

    assert np.isinf(item.seconds[0, item.grid.column([1, 0, 0])])


def test_without_history_or_target_a_dataset_is_left_out(study, switches) -> None:
    runs, history = study

    assert cell_times(runs, history.iloc[:0], switches).empty
    without_baseline = runs[runs["cell"] == "a"]
    assert component_times(without_baseline, history, switches).empty
