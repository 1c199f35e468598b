"""The same network by two libraries: what a component does is not a matter of the library."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from data_loaders.load import load
from experiments.design.plan import plan, whole_blocks
from experiments.design.study import parse_study
from experiments.run.execute import execute
from tests.command_line import ROOT, knockout
from tests.examples.project import answered, runs

pytest.importorskip("torch", reason="PyTorch is not installed")
pytestmark = pytest.mark.slow

REPLICATES = 10
COMMON: dict[str, Any] = {
    "datasets": ["digits"],
    "design": "one_factor",
    "replicates": REPLICATES,
    "recipe": {"learning_rate": 0.1, "epochs": 10, "batch_size": 32, "validation_fraction": 0},
    "tune": {"per": []},
}
SHARED = {
    "size": {"usual": {"hidden": [64, 32]}, "tiny": {"hidden": [4]}},
    "dropout": {"off": 0, "on": 0.5},
    "l2": {"off": 0, "on": 0.05},
}
OURS = SHARED | {
    "momentum": {"off": {"optimizer": "sgd"}, "on": {"optimizer": {"momentum": {"momentum": 0.5}}}}
}
THEIRS = SHARED | {"momentum": {"off": 0, "on": 0.5}}


def effects(**study: Any) -> dict[str, np.ndarray]:
    """Return the difference that each component alone makes in each replicate, in points."""
    digits = load("digits")
    parsed = parse_study({**COMMON, **study}, ROOT / "examples" / "torch_mlp")
    accuracy: dict[str, list[float]] = {}
    blocks = whole_blocks(parsed, REPLICATES)
    for spec in plan(parsed, "digits", digits.content_hash, {}, blocks):
        if spec.arm == "cell":
            result = execute(spec, digits)
            accuracy.setdefault(spec.cell, []).append(100 * result.metrics["test_accuracy"])
    baseline = np.array(accuracy.pop("baseline"))
    return {cell: np.array(values) - baseline for cell, values in accuracy.items()}


@pytest.fixture(autouse=True)
def own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])


def test_its_effects_are_those_of_the_library_s_own_networks() -> None:
    ours = effects(factors=OURS)
    theirs = effects(factors=THEIRS, trainer="torch_mlp:TorchMLP")
    assert ours.keys() == theirs.keys()
    assert len(ours) == 4
    for cell, mine in ours.items():
        # Both met the same splits: their difference is paired.
        gap = mine - theirs[cell]
        half = stats.t.ppf(0.995, REPLICATES - 1) * gap.std(ddof=1) / np.sqrt(REPLICATES)
        assert abs(gap.mean()) <= half, f"{cell}: {mine.mean():.2f}, {theirs[cell].mean():.2f} pp"
    # A width of 4 costs so much that a library which ignored it would be found out.
    assert max(ours["tiny"].mean(), theirs["tiny"].mean()) < -5


def test_it_goes_from_its_contract_to_a_verdict(tmp_path: Path) -> None:
    project = answered(
        "torch_mlp", tmp_path, recipe={"epochs": 2}, replicates=2, tune={"trials": 2}
    )
    lines = knockout(project, "check", "torch_mlp:TorchMLP").splitlines()
    assert {line.split()[0] for line in lines[1:]} == {"ok"}
    table = runs(project, "digits")
    assert (table["status"] == "ok").all()
    # Both arms of momentum were tuned; the trials lie around a centre of each arm's own.
    assert table["learning_rate"].notna().all()
