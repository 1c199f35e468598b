"""Runs as blocks × cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.grid import block_grids
from tests.experiments.analysis.conftest import study_of


def test_lays_out_blocks_and_cells(run_table, factors) -> None:
    runs = run_table(factors, replicates=3, datasets=("mnist", "digits")).sample(
        frac=1, random_state=1
    )
    grids = {grid.dataset: grid for grid in block_grids(runs, study_of(factors, runs))}
    grid = grids["digits"]

    assert set(grids) == {"mnist", "digits"}
    assert grid.rows.shape == (3, 33)
    assert grid.is_full
    assert grid.cells[grid.baseline] == "sgd"
    assert grid.is_placebo.tolist() == [False] * 32 + [True]
    adam_l2 = grid.column(
        {"optimizer": "adam", "l2": "on", "dropout": "off", "augmentation": "off"}
    )
    wanted = runs.query("dataset == 'digits' and cell == 'adam+l2'").sort_values("replicate")
    assert grid.response("test_accuracy")[:, adam_l2].tolist() == wanted["test_accuracy"].tolist()


def test_only_finished_runs_have_a_response(run_table, switches) -> None:
    runs = run_table(switches, replicates=2)
    runs.loc[0, "status"], runs.loc[1, "status"] = "diverged", "failed"
    grid = next(block_grids(runs.drop(index=2), study_of(switches, runs)))

    assert np.isnan(grid.response("test_accuracy")).sum() == 3
    assert grid.has_status("diverged").sum() == 1
    assert (grid.rows < 0).sum() == 1
    assert not grid.has_status("ok")[grid.rows < 0].any()


def test_a_smaller_design_is_not_full(run_table, switches) -> None:
    runs = run_table(switches)
    grid = next(block_grids(runs[runs["cell"] != "a+b+c"], study_of(switches, runs)))

    assert not grid.is_full
    assert grid.column(dict.fromkeys("abc", "on")) is None


def test_a_table_that_is_not_one_studys_is_refused(run_table, switches) -> None:
    runs = run_table(switches, replicates=2)
    study = study_of(switches, runs)

    with pytest.raises(ValueError, match="each cell × replicate once"):
        list(block_grids(pd.concat([runs, runs.iloc[:1]]), study))
    with pytest.raises(ValueError, match=r"'a' must hold levels .* got 'half'"):
        list(block_grids(runs.replace({"a": {"on": "half"}}), study))
    with pytest.raises(ValueError, match="lacks arm"):
        list(block_grids(runs.drop(columns="arm"), study))
