"""What a study takes beside its training: step costs, champions, tracking, report, DVC."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.plan import study_cells
from experiments.timing.step_arms import step_arms
from pipeline.dataset_card import DatasetCard
from pipeline.planning.cost import CostModel
from pipeline.project import Project
from pipeline.running.plans import learning_rates
from pipeline.stages.time import is_measured
from pipeline.timing.measure import BURST_S
from pipeline.timing.process import WARM_UP_ROUNDS

# Two quiet 2.3 GHz cores: a stage of DVC's with its Python, six of them a dataset; what a cell's
# page in MLflow takes; the report at the end.
_STAGE_S, _STAGES, _CELL_S, _REPORT_S = 3.3, 6, 0.15, 14.0
# A round has two bursts of each side, and the other side is dearer than the baseline.
_BURSTS, _DEARER = 4, 1.1


def step_cost_seconds(project: Project, cards: Sequence[DatasetCard], costs: CostModel) -> float:
    """Return what stage `time` takes on the datasets whose measurement is not kept."""
    protocol, total = project.timing, 0.0
    if not protocol.processes:
        return 0.0
    for card in cards:
        if is_measured(project, card):
            continue
        _, arms = step_arms(project.study, card.name, learning_rates(project, card.name))
        rounds = protocol.rounds + WARM_UP_ROUNDS
        burst = BURST_S * _DEARER
        total += protocol.processes * (costs.start_s + len(arms) * rounds * _BURSTS * burst)
    return total


def other_seconds(project: Project, cards: Sequence[DatasetCard], costs: CostModel) -> float:
    """Return what everything but training and step costs takes, roughly."""
    cells, total = study_cells(project.study), _REPORT_S
    for card in cards:
        # The champion is one run more.
        dearest = max(costs.seconds(project.study.recipe(card.name, own), card) for own in cells)
        total += _STAGES * _STAGE_S + len(cells) * _CELL_S + dearest
    return total
