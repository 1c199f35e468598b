"""A study of one's own code, in a folder that holds nothing but params.yaml and that code."""

from pathlib import Path

import pandas as pd
import pytest

from tests.command_line import knockout, stored_runs

SIGNUM = """
from my_lab.rule import direction
from nn import Optimizer

class Signum(Optimizer):
    default_learning_rate = 0.003

    def update(self, chunk, learning_rate, step):
        chunk.parameter -= learning_rate * direction(chunk.gradient)
"""
RULE = "import numpy as np\n\ndef direction(gradient):\n    return np.sign(gradient)\n"
NEAREST = """
import numpy as np
from experiments.run import Recipe, Task, Trained

class Nearest(Recipe):
    shrink: float = 0.0
    warmth: float = 1.0

    def train(self, task: Task) -> Trained:
        means = np.stack([task.x[task.y == c].mean(axis=0) for c in range(task.n_classes)])
        means *= 1 - self.shrink
        task.log(1, spread=means.std())

        def predict(x):
            distances = np.square(x[:, None] - means).mean(axis=2) / self.warmth
            weights = np.exp(distances.min(axis=1, keepdims=True) - distances)
            return weights / weights.sum(axis=1, keepdims=True)

        return Trained(predict)
"""
NETWORKS = """
study:
  datasets: [digits]
  replicates: 2
  components: {optimizer: {signum: my_lab/signum.py:Signum}}
  factors: {optimizer: [sgd, signum]}
  recipe: {hidden: [8], batch_size: 128, epochs: 1}
  tune: {trials: 2}
"""
TRAININGS = """
study:
  datasets: [digits]
  replicates: 2
  trainer: my_lab.nearest:Nearest
  factors: {shrink: [0, 0.5]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A user's folder; some of its folders have the names of ours."""
    for name in ("experiments", "nn", "pipeline"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('shadow')\n")
    (tmp_path / "my_lab").mkdir()
    for name, text in (("signum", SIGNUM), ("rule", RULE), ("nearest", NEAREST)):
        (tmp_path / "my_lab" / f"{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def trained(folder: Path) -> pd.DataFrame:
    for stage in ("data", "train"):
        knockout(folder, "stage", stage, "digits")
    return pd.read_parquet(folder / "results" / "digits" / "runs.parquet")


def test_an_optimizer_by_its_path_trains_in_workers_and_its_edit_is_named(folder: Path) -> None:
    (folder / "params.yaml").write_text(NETWORKS, encoding="utf-8")
    runs = trained(folder)
    assert set(runs["cell"]) == {"baseline", "signum", "placebo"}
    assert (runs["status"] == "ok").all()
    (folder / "my_lab" / "rule.py").write_text(RULE.replace("np.sign", "0.9 * np.sign"))
    lines = [line.strip() for line in knockout(folder, "status").splitlines()]
    assert lines[:4] == [
        "digits: tuning 12 runs, 8 stored, 4 to train (4 stale)",
        "source changed: my_lab.rule: replicate 0-1 of signum",
        "digits: evaluation 6 runs, 4 stored, 2 to train (2 stale)",
        "source changed: my_lab.rule: replicate 0-1 of signum",
    ]


def test_a_broken_component_fails_its_check(folder: Path) -> None:
    rule = folder / "my_lab" / "rule.py"
    rule.write_text(RULE.replace("np.sign", "np.random.rand() * np.sign"), encoding="utf-8")
    said = knockout(folder, "check", "my_lab.signum:Signum", code=1)
    assert "FAILED  global random state is untouched" in said


def test_an_error_names_file_and_line_and_its_traceback_is_kept(folder: Path) -> None:
    (folder / "params.yaml").write_text(NETWORKS, encoding="utf-8")
    rule = folder / "my_lab" / "rule.py"
    rule.write_text("def direction(gradient):\n    return gradient / nothing\n", encoding="utf-8")
    knockout(folder, "stage", "data", "digits")
    said = knockout(folder, "stage", "train", "digits")
    assert "my_lab/rule.py:2: NameError: name 'nothing' is not defined" in said
    failed = [result for result in stored_runs(folder) if result.status == "failed"]
    assert len(failed) == 4  # two trials in each of two blocks
    assert "in direction" in failed[0].traceback


def test_a_training_of_one_s_own_goes_the_whole_way(folder: Path, tracked) -> None:
    tracked(folder)
    (folder / "params.yaml").write_text(TRAININGS, encoding="utf-8")
    said = knockout(folder, "run")
    assert "no step costs; its training has no steps that could be timed" in said
    runs = pd.read_parquet(folder / "results" / "digits" / "runs.parquet")
    assert runs["test_accuracy"].min() > 0.8
    assert runs["learning_rate"].isna().all()
    history = pd.read_parquet(folder / "results" / "digits" / "history.parquet")
    assert history["spread"].notna().all()
    assert (folder / "reports" / "index.html").exists()
    assert "Nearest" in (folder / "results" / "digits" / "champion" / "no-champion.txt").read_text()
