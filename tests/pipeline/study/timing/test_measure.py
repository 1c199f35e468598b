"""Fresh processes: what they load, what they answer, and how they fail."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from data_loaders.load import load
from experiments.analysis.step_cost import ROUND_COLUMNS
from experiments.design.step_arms import StepArm
from experiments.network.network_recipe import NetworkRecipe
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.timing.measure import measure
from pipeline.study.timing_protocol import TimingProtocol
from tests.experiments.conftest import network

DIGITS = DatasetCard("digits", True, True, load("digits").content_hash)

BASE = NetworkRecipe(hidden=(8,), batch_size=64, learning_rate=0.1)
DROPOUT = StepArm("dropout", "on", BASE.with_fields({"dropout": 0.2}))
SHIFT = StepArm("augmentation", "on", network(BASE, augmentation={"shift": {"max_shift": 1}}))


def test_the_timed_process_loads_no_more_than_it_needs() -> None:
    code = "import pipeline.study.timing.process, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}

    assert "numpy" in loaded
    heavy = {"pandas", "scipy", "sklearn", "matplotlib", "mlflow", "dvc", "pyarrow", "typer"}
    assert not loaded & heavy


def test_rounds_of_every_process_and_arm() -> None:
    rounds = measure(DIGITS, BASE, [DROPOUT, SHIFT], TimingProtocol(2, 3), seed=0, burst_s=5e-4)

    assert tuple(rounds.columns) == ROUND_COLUMNS
    assert rounds.groupby(["process", "component"]).size().tolist() == [3] * 4
    assert rounds["component"].drop_duplicates().tolist() == ["dropout", "augmentation"]
    seconds = rounds[["baseline_cpu_s", "baseline_wall_s", "cpu_s", "wall_s"]]
    assert (seconds > 0).all(axis=None)
    assert (rounds["n_steps"] >= 2).all()


def test_a_failing_process_is_said() -> None:
    with pytest.raises(RuntimeError, match=r"exit code 1: .*no-such-set"):
        measure(replace(DIGITS, name="no-such-set"), BASE, [DROPOUT], TimingProtocol(1, 1), seed=0)
