"""Schedules: ``schedule(step, total_steps, **options) -> multiplier of the learning rate``.

A schedule is called in every step, so that it looks at its options in the first one alone.
"""

from collections.abc import Callable

from nn.schedules.constant import constant
from nn.schedules.cosine import cosine
from nn.schedules.exponential import exponential
from nn.schedules.inverse_time import inverse_time
from nn.schedules.one_cycle import one_cycle
from nn.schedules.step import step
from nn.schedules.warmup import warmup

SCHEDULES: dict[str, Callable[..., float]] = {
    "constant": constant,
    "step": step,
    "exponential": exponential,
    "inverse_time": inverse_time,
    "cosine": cosine,
    "one_cycle": one_cycle,
}

__all__ = [
    "SCHEDULES",
    "constant",
    "cosine",
    "exponential",
    "inverse_time",
    "one_cycle",
    "step",
    "warmup",
]
