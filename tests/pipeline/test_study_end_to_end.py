"""A small real study on digits, stage by stage: resumption and invalidation."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.stages import data_stage, train_stage
from pipeline.study.project import Project, open_project

PARAMS = """
study:
  datasets: [digits]
  replicates: 2
  factors:
    optimizer: [sgd, adam]
    dropout: {{off: 0, on: {dropout}}}
  recipe: {{hidden: [8], batch_size: 128, epochs: 1}}
  tune: {{trials: 2}}
run: {{executor: in-process}}
"""


def project(root: Path, *, dropout: float = 0.2) -> Project:
    (root / "params.yaml").write_text(PARAMS.format(dropout=dropout))
    return open_project(root)


def trained(root: Path, **changes: float) -> tuple[pd.DataFrame, list[str]]:
    """Run the stages; return the run table and the cells that were trained just now."""
    own, seen = project(root, **changes), list[str]()
    data_stage.run(own, "digits")
    train_stage.run(own, "digits", observe=lambda spec, result: seen.append(spec.cell))
    return pd.read_parquet(root / "results" / "digits" / "runs.parquet"), seen


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("original")
    trained(root)
    return root


@pytest.fixture
def root(original: Path, tmp_path: Path) -> Path:
    """A trained project that a test may change."""
    return Path(shutil.copytree(original, tmp_path, dirs_exist_ok=True))


def test_the_run_table_has_a_row_for_each_run(root: Path) -> None:
    runs, again = trained(root)
    assert again == []
    assert len(runs) == (4 + 1) * 2
    assert set(runs["status"]) == {"ok"}
    assert set(runs["cell"]) == {"baseline", "adam", "dropout", "adam+dropout", "placebo"}
    history = pd.read_parquet(root / "results/digits/history.parquet")
    assert set(history["run_key"]) == set(runs["run_key"])
    ledger = pd.read_parquet(root / "results/digits/tuning.parquet")
    assert not set(ledger["run_key"]) & set(runs["run_key"])
    assert ledger.groupby(["arm", "replicate"])["chosen"].sum().eq(1).all()
    assert set(ledger["arm"]) == {"baseline", "adam", "placebo"}
    # Every run trained at the rate that its arm chose in its block.
    chosen = ledger[ledger["chosen"]].set_index(["arm", "replicate"])["learning_rate"]
    for row in runs.to_dict("records"):
        arm = row["cell"] if row["cell"] in ("adam", "placebo") else "baseline"
        arm = "adam" if row["cell"] == "adam+dropout" else arm
        assert row["learning_rate"] == chosen[arm, row["replicate"]]


def test_a_lost_run_alone_is_trained_again_to_the_same_table(root: Path) -> None:
    before, _ = trained(root)
    store = project(root).store
    row = before[before["cell"] == "adam"].iloc[0]
    store.path(row["run_key"]).unlink()
    after, seen = trained(root)
    assert seen == ["adam"]
    times = [c for c in before if c.endswith("_s")]
    pd.testing.assert_frame_equal(before.drop(columns=times), after.drop(columns=times))


def test_a_changed_level_trains_only_its_cells_and_the_old_ones_vanish(root: Path) -> None:
    before, _ = trained(root)
    runs, seen = trained(root, dropout=0.3)
    assert sorted(set(seen)) == ["adam+dropout", "dropout"]
    assert len(runs) == len(before)
    changed = set(runs["run_key"]) - set(before["run_key"])
    assert len(changed) == 4


def test_a_failed_run_is_tried_again_next_time(root: Path) -> None:
    from dataclasses import replace

    runs, _ = trained(root)
    store = project(root).store
    key = runs["run_key"].iloc[0]
    result = store.get(key)
    assert result is not None
    store.put(replace(result, status="failed", reason="memory ran out"))
    after, seen = trained(root)
    assert len(seen) == 1
    assert set(after["status"]) == {"ok"}
