"""The contract of schedules."""

from __future__ import annotations

import math

import numpy as np

from nn.checks.contract import BreachError, Subject

_LENGTHS = (1, 2, 10, 1000)


def exercise(subject: Subject) -> list[np.ndarray]:
    """Return the multipliers of trainings of several lengths."""
    schedule = subject.make()
    return [np.array([schedule(k, n) for k in range(n)], float) for n in _LENGTHS]


def multipliers_are_sound(subject: Subject) -> None:
    """Each is a finite number of at least 0; not all are 0."""
    schedule = subject.make()
    for n in _LENGTHS:
        values = [schedule(k, n) for k in range(n)]
        for k, value in enumerate(values):
            if not isinstance(value, int | float) or not 0 <= value < math.inf:
                raise BreachError(
                    "a multiplier must be a finite number of at least 0",
                    f"{value!r} at step {k} of {n}",
                    "Steps count from 0 to total_steps - 1; total_steps may be 1.",
                )
        if not any(values):
            raise BreachError(
                "not all multipliers may be 0", f"{n} zeros", "Start at 1 and fall from there."
            )


def it_remembers_nothing(subject: Subject) -> None:
    """The order of the calls does not matter."""
    schedule = subject.make()
    forward = [schedule(k, 100) for k in range(100)]
    if forward != [schedule(k, 100) for k in reversed(range(100))][::-1]:
        raise BreachError(
            "the same step must give the same multiplier",
            "others in reverse order",
            "Compute it from step and total_steps alone.",
        )


RULES = (multipliers_are_sound, it_remembers_nothing)
