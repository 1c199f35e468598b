"""What a study takes beside its training: step costs, champions, tracking, report, DVC."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.design.plan import study_cells
from experiments.design.step_arms import has_steps, step_arms
from pipeline.stages.time import is_measured
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.planning.cost import CostModel
from pipeline.study.plans import learning_rates
from pipeline.study.project import Project
from pipeline.study.timing.measure import BURST_S
from pipeline.study.timing.process import WARM_UP_ROUNDS

# Two quiet 2.3 GHz cores, three studies on digits and the main one: what DVC, Python's start,
# MLflow and the report take once and per dataset, and what reading a stored prediction costs in
# the end.
_ONCE_S, _DATASET_S, _PREDICTION_S = 10.0, 8.0, 1e-5
# A round has two bursts of each side, and the other side is dearer than the baseline.
_BURSTS, _DEARER = 4, 1.1


def step_cost_seconds(project: Project, cards: Sequence[DatasetCard], costs: CostModel) -> float:
    """Return what stage `time` takes on the datasets whose measurement is not kept."""
    protocol, total = project.timing, 0.0
    if not protocol.processes or not has_steps(project.study):
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
    cells, total = study_cells(project.study), _ONCE_S
    for card in cards:
        # The champion is one run more.
        dearest = max(costs.seconds(project.study.recipe(card.name, own), card) for own in cells)
        runs = (len(cells) + 1) * project.study.replicates
        total += _DATASET_S + runs * card.n_tested * _PREDICTION_S + dearest
    return total
