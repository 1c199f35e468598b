"""Fresh processes: what they load, what they answer, and how they fail."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from data_loaders.load import load
from experiments.analysis.step_cost import ROUND_COLUMNS
from experiments.design.step_arms import StepArm
from experiments.network.network_recipe import NetworkRecipe
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.settings import TimingProtocol
from pipeline.study.timing import measure_steps as measure_module
from pipeline.study.timing.measure_steps import measure
from tests.experiments.conftest import network

DIGITS = DatasetCard("digits", True, True, load("digits").content_hash)


def protocol(processes: int, rounds: int = 1) -> TimingProtocol:
    """Return a protocol of fewer processes than a study needs for its intervals."""
    return TimingProtocol.model_construct(processes=processes, rounds=rounds)


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
    arms = [DROPOUT, SHIFT]
    rounds, failures = measure(DIGITS, BASE, arms, protocol(3, rounds=2), seed=0, burst_s=5e-4)

    assert failures == []
    assert tuple(rounds.columns) == (*ROUND_COLUMNS, "phase")
    counted = rounds.groupby(["phase", "component"])["process"].value_counts()
    # The middle of training in two of the processes, its start in all.
    assert counted["start"].tolist() == [2] * 6
    assert counted["middle"].tolist() == [2] * 4
    assert rounds["component"].drop_duplicates().tolist() == ["dropout", "augmentation"]
    seconds = rounds[["baseline_cpu_s", "baseline_wall_s", "cpu_s", "wall_s"]]
    assert (seconds > 0).all(axis=None)
    assert (rounds["n_steps"] >= 2).all()


def test_a_failing_process_is_said() -> None:
    other = replace(DIGITS, content_hash="0" * 64)
    # Both processes fail, which is said once.
    rounds, (said,) = measure(other, BASE, [DROPOUT], protocol(2), seed=0, burst_s=5e-4)
    assert rounds.empty
    assert re.match(r"the baseline has no step cost: .*exit code 1: .*digits", said)


def test_an_arm_that_cannot_run_has_no_cost_and_the_others_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measure_module, "MIDDLE_PROCESSES", 0)
    huge = StepArm("width", "huge", BASE.with_fields({"hidden": (10**9, 10**9)}))
    rounds, (said,) = measure(DIGITS, BASE, [huge, DROPOUT], protocol(2), seed=0, burst_s=5e-4)
    assert set(rounds["component"]) == {"dropout"}
    assert said.startswith("width huge has no step cost: ")
