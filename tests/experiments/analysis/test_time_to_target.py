"""The time-to-target tables."""

from __future__ import annotations

from math import inf

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.target_grid import epochs_to_target, target_grids
from experiments.analysis.time_to_target import (
    CELL_COLUMNS,
    COMPONENT_COLUMNS,
    cell_times,
    component_times,
)
from tests.experiments.analysis.conftest import study_of

HORIZONS = {"mnist": 6.0}


@pytest.fixture
def study(run_table, switches) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Runs reach 0.9 in epoch 5, with `a` in epoch 2, with `b` never."""
    runs = run_table(switches, replicates=3)
    first = np.where(runs["b"] == "on", 99, np.where(runs["a"] == "on", 2, 5))
    epochs = np.arange(1, 7)
    history = pd.DataFrame(
        {
            "run_key": np.repeat(runs["run_key"], 6),
            "epoch": np.tile(epochs, len(runs)),
            "val_accuracy": np.where(epochs >= first[:, None], 0.9, 0.5).ravel(),
        }
    )
    return runs, history


@pytest.fixture
def clock(study) -> dict[tuple[str, str], float]:
    """An epoch takes 2 s, with `c` 3 s."""
    return {("mnist", cell): 3.0 if "c" in cell.split("+") else 2.0 for cell in study[0]["cell"]}


def _grids(study, switches, clock={}, **fields):  # noqa: B006
    runs, history = study
    asked = study_of(switches, runs, **fields)
    return list(target_grids(runs, asked, history, horizons=HORIZONS, clock=clock))


def test_the_first_crossing_counts() -> None:
    history = pd.DataFrame(
        {
            "run_key": ["x"] * 3 + ["y"] * 2,
            "epoch": [1, 2, 3, 1, 2],
            "val_accuracy": [0.5, 0.9, 0.8, 0.5, 0.6],
        }
    )

    assert epochs_to_target(history, 0.8).to_dict() == {"x": 2.0, "y": inf}


def test_cells_in_epochs_and_on_the_clock(study, switches, clock) -> None:
    table = cell_times(_grids(study, switches, clock=clock)).set_index("cell", drop=False)

    assert tuple(table.columns) == CELL_COLUMNS
    cells = ["a", "c", "a+c", "placebo", "b"]
    assert table["median_epochs"][cells].tolist() == [2, 5, 2, 5, inf]
    # c takes 15 s where the baseline's six epochs end at 12 s: a miss at a horizon named before.
    assert table["median_s"][cells].tolist() == [4, inf, 6, 10, inf]
    assert table["n_reached"][cells].tolist() == [3, 0, 3, 3, 0]
    assert table["restricted_mean_s"]["c"] == 12
    assert set(table["target"]) == {0.9}  # the median of the baseline's best
    assert (set(table["horizon_epochs"]), set(table["horizon_s"])) == ({6.0}, {12.0})


def test_without_a_clock_epochs_stay(study, switches) -> None:
    table = cell_times(_grids(study, switches)).set_index("cell")

    assert table["median_epochs"]["a"] == 2
    assert table["n_reached"]["c"] == 3
    assert table[["median_s", "restricted_mean_s", "horizon_s"]].isna().all(axis=None)


def test_the_clock_does_not_read_wall_times(study, switches, clock) -> None:
    runs, history = study
    slow = runs.assign(fit_cpu_s=99.0, fit_wall_s=999.0)

    pd.testing.assert_frame_equal(
        cell_times(_grids((slow, history), switches, clock=clock)),
        cell_times(_grids(study, switches, clock=clock)),
    )


def test_components(study, switches, clock) -> None:
    table = component_times(_grids(study, switches, clock=clock)).set_index("component", drop=False)
    a, b = table.loc["a"], table.loc["b"]

    assert tuple(table.columns) == COMPONENT_COLUMNS
    assert (a["n_with"], a["n_reached_with"], a["n_reached_without"]) == (12, 6, 3)
    assert a["share_reached_without"] == 0.25
    # Without b: three epochs sooner, 6 s without c and 6 of 12 s with it; with b no difference.
    assert a["difference_epochs"] == pytest.approx(-1.5)
    assert a["difference_s"] == pytest.approx(-(6 + 6) / 4)
    assert (b["n_reached_with"], b["median_s_with"]) == (0, inf)


def test_a_named_target_wins(study, switches) -> None:
    table = cell_times(_grids(study, switches, target={"mnist": 0.5}))

    assert set(table["median_epochs"]) == {1.0}
    assert set(table["target"]) == {0.5}


def test_diverged_runs_miss_and_failed_ones_say_nothing(study, switches, clock) -> None:
    runs, _ = study
    a = np.flatnonzero(runs["cell"] == "a")
    runs.loc[a[0], "status"], runs.loc[a[1], "status"] = "diverged", "failed"

    row = cell_times(_grids(study, switches, clock=clock)).set_index("cell").loc["a"]

    assert (row["n"], row["n_reached"]) == (2, 1)


def test_a_diverged_run_without_history_misses(study, switches) -> None:
    runs, history = study
    first = runs.index[runs["cell"] == "a"][0]
    runs.loc[first, "status"] = "diverged"
    kept = history[history["run_key"] != runs.loc[first, "run_key"]]

    (item,) = _grids((runs, kept), switches)

    assert np.isinf(item.epochs[0, item.grid.column({"a": "on", "b": "off", "c": "off"})])


def test_without_history_or_target_a_dataset_is_left_out(study, switches) -> None:
    runs, history = study

    assert cell_times(_grids((runs, history.iloc[:0]), switches)).empty
    assert component_times(_grids((runs[runs["cell"] == "a"], history), switches)).empty
