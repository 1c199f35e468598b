"""Linear warm-up in front of any schedule."""

from __future__ import annotations

from collections.abc import Callable

from nn.interval import require_integer

Schedule = Callable[[int, int], float]


def warmup(schedule: Schedule, n_steps: int) -> Schedule:
    """Return a schedule that rises linearly over `n_steps` and then runs `schedule`.

    The multiplier at step k < n_steps is ``(k + 1) / n_steps`` times `schedule`'s first; the
    schedule gets the remaining steps as its whole length. `n_steps` = 0 returns `schedule`.

    References
    ----------
    Goyal et al. (2017), Accurate, large minibatch SGD, section 2.2.
    """
    require_integer("warmup.n_steps", n_steps, "[0, inf)")
    if n_steps == 0:
        return schedule

    def warmed(step: int, total_steps: int) -> float:
        rest = max(1, total_steps - n_steps)
        if step < n_steps:
            return (step + 1) / n_steps * schedule(0, rest)
        return schedule(step - n_steps, rest)

    return warmed
