"""Interleaved rounds: every contestant once per round, in a new order each time."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from time import perf_counter, process_time

from benchmarks.problem import Round


def time_rounds(
    contestants: Mapping[str, Round], n_rounds: int, *, cpu: bool = False
) -> dict[str, list[float]]:
    """Return seconds per round of each contestant; the first round, a warm-up, is dropped.

    CPU seconds if `cpu`, wall seconds otherwise: all contestants run on one thread, and CPU time is
    less disturbed where the machine is shared.
    """
    clock = process_time if cpu else perf_counter
    order, shuffle = list(contestants), Random(0)
    seconds: dict[str, list[float]] = {name: [] for name in order}
    for _ in range(n_rounds + 1):
        shuffle.shuffle(order)
        for name in order:
            start = clock()
            contestants[name]()
            seconds[name].append(clock() - start)
    return {name: values[1:] for name, values in seconds.items()}
