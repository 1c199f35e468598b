"""Declared studies and a user's own dataset, through DVC's stages."""

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.slow

TINY = """\
study:
  datasets: [digits]
  design: one_factor
  replicates: 2
  factors: {optimizer: [sgd, adam, momentum]}
  recipe: {hidden: [16], epochs: 2}
  tune: {trials: 2}
time: {processes: 0}
"""


def declare(clone):
    (clone.root / "experiments/studies/tiny.yaml").write_text(TINY)
    clone.edit("experiments/studies/dvc.yaml", "declared: [", "declared: [tiny, ")


def test_a_declared_study_shares_runs_and_keeps_to_its_own_folders(clone):
    declare(clone)
    before = clone.runs()
    clone.dvc("repro", "experiments/studies/dvc.yaml:study@tiny")
    # Momentum: two trials and a run in each of two blocks; all else stands in the main study.
    assert len(clone.runs() - before) == 4 + 2
    assert (clone.root / "reports/studies/tiny/index.html").exists()
    table = pd.read_csv(clone.root / "results/studies/tiny/comparison.csv")
    assert set(table["cell"]) == {"sgd", "adam", "momentum", "placebo"}
    assert clone.git("diff", "--name-only", "results", "reports") == ""
    again = clone.dvc("repro", "experiments/studies/dvc.yaml:study@tiny")
    assert "didn't change" in again


def test_a_plain_repro_leaves_declared_studies_alone(clone):
    declare(clone)
    assert "studies" not in clone.dvc("repro")
    assert not (clone.root / "results/studies/tiny").exists()


def test_a_dataset_of_ones_own_gets_its_stages(clone):
    rng = np.random.default_rng(0)
    labels = (np.arange(300) % 3).astype(np.uint8)
    images = rng.integers(0, 60, (300, 5, 5), dtype=np.uint8) + 60 * labels[:, None, None]
    (clone.root / "my").mkdir()
    np.savez(clone.root / "my/letters.npz", images=images.astype(np.uint8), labels=labels)
    clone.edit("params.yaml", "[digits]", "{digits: , letters: ./my/letters.npz}")
    before = clone.runs()
    said = clone.dvc("repro")
    assert "Running stage 'train@letters'" in said
    assert len(clone.runs() - before) == 3 * 2 * 2 + 8
    runs = pd.read_parquet(clone.root / "results/letters/runs.parquet")
    assert set(runs["status"]) == {"ok"}
    table = pd.read_csv(clone.root / "results/comparison.csv")
    assert set(table["dataset"]) == {"digits", "letters"}
    assert "letters" in clone.text("reports/index.html")
