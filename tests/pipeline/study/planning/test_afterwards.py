"""What a study takes beside its training."""

from pathlib import Path

import pytest

from pipeline.stages import data, time, tune
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.planning.afterwards import other_seconds, step_cost_seconds
from pipeline.study.planning.cost import CostModel, RunCost, cost_key
from pipeline.study.project import Project, open_project

PARAMS = """
study:
  datasets: [digits]
  factors: {{optimizer: [sgd, adam], l2: {{off: 0, on: 0.001}}}}
  recipe: {{hidden: [8], batch_size: 128, epochs: 1, learning_rate: 0.01}}
time: {{processes: {processes}, rounds: {rounds}}}
run: {{executor: in-process}}
"""
COSTS = CostModel(2, start_s=1.0)


def prepared(root: Path, *, processes: int = 5, rounds: int = 2) -> tuple[Project, DatasetCard]:
    (root / "params.yaml").write_text(PARAMS.format(processes=processes, rounds=rounds))
    project = open_project(root)
    return project, data.run(project, "digits")


def test_step_costs_grow_with_processes_and_rounds(tmp_path: Path) -> None:
    """Adam, L2, the control and all together: four arms in each of the rounds and two more."""
    few, card = prepared(tmp_path, processes=5, rounds=2)
    many, _ = prepared(tmp_path, processes=10, rounds=6)
    expected = 5 * (1 + 4 * (2 + 2) * 4 * 0.008 * 1.1)
    assert step_cost_seconds(few, [card], COSTS) == pytest.approx(expected)
    assert step_cost_seconds(many, [card], COSTS) == pytest.approx(
        10 * (1 + 4 * (6 + 2) * 4 * 0.008 * 1.1)
    )
    none, _ = prepared(tmp_path, processes=0)
    assert step_cost_seconds(none, [card], COSTS) == 0


def test_a_measurement_that_is_kept_takes_nothing(tmp_path: Path) -> None:
    project, card = prepared(tmp_path)
    tune.run(project, "digits")
    out = time.run(project, "digits")
    # This machine may be busy: a disturbed measurement would be made again.
    out.write_text(out.read_text().replace("True", "False"))
    assert step_cost_seconds(project, [card], COSTS) == 0
    other, _ = prepared(tmp_path, rounds=3)
    assert step_cost_seconds(other, [card], COSTS) > 0


def test_the_champion_is_one_run_more(tmp_path: Path) -> None:
    project, card = prepared(tmp_path)
    cheap = other_seconds(project, [card], COSTS)
    recipe = project.study.recipe("digits", {"optimizer": "adam", "l2": "on"})
    dear = CostModel(2, 1.0, {cost_key(recipe, card, workers=2): RunCost(100.0, 0.0)})
    assert other_seconds(project, [card], dear) - cheap == pytest.approx(100, abs=1)
    # The report at the end is one for all datasets.
    assert cheap < other_seconds(project, [card, card], COSTS) < 2 * cheap
