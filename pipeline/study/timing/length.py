"""How much is measured, and how long that takes."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.design.step_arms import has_steps, step_arms
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.project import Project

# CPU seconds, long enough that reading the clocks does not count, short enough that a round's two
# sides meet the same machine.
BURST_S = 0.008
# So many of the processes train on to the middle and measure there, too: it takes half a run of
# each recipe.
MIDDLE_PROCESSES = 2
WARM_UP_ROUNDS = 2


def timing_seconds(
    project: Project, cards: Iterable[DatasetCard], start_s: float
) -> dict[str, float]:
    """Return about how long stage `time` takes by dataset; nothing where it measures nothing.

    The way to the middle of training is not counted. A round has two bursts of each side, and a
    process takes `start_s` to start.
    """
    protocol = project.settings.time
    if not protocol.processes or not has_steps(project.study):
        return {}
    rounds = protocol.rounds + WARM_UP_ROUNDS
    phases = protocol.processes + MIDDLE_PROCESSES
    per_arm = phases * rounds * 4 * BURST_S
    arms = {card.name: step_arms(project.study, card.name)[1] for card in cards}
    return {name: protocol.processes * start_s + len(own) * per_arm for name, own in arms.items()}
