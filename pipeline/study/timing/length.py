"""How much is measured, and how long that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.study.settings import TimingProtocol

# CPU seconds, long enough that reading the clocks does not count, short enough that a round's two
# sides meet the same machine.
BURST_S = 0.008
# So many of the processes train on to the middle and measure there, too: it takes half a run of
# each recipe.
MIDDLE_PROCESSES = 2
WARM_UP_ROUNDS = 2


def seconds_of(protocol: TimingProtocol, n_arms: int, *, start_s: float) -> float:
    """Return about how long measuring takes, without the way to the middle of training.

    A round has two bursts of each side.
    """
    rounds = protocol.rounds + WARM_UP_ROUNDS
    phases = protocol.processes + MIDDLE_PROCESSES
    return protocol.processes * start_s + phases * n_arms * rounds * 4 * BURST_S
