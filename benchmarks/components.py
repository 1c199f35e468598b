"""What a component adds to a step: 784-256-128-10, batch 128, SGD."""

from __future__ import annotations

from functools import partial
from statistics import median
from time import perf_counter, process_time

import numpy as np

import nn
from benchmarks import numpy_peers
from benchmarks.problem import Case
from benchmarks.rounds import time_rounds

CASE = Case((784, 256, 128, 10), 128, "sgd")


def component_rows(n_rounds: int, *, cpu: bool) -> list[str]:
    """Return a Markdown table of step time with the component over without, paired by round."""
    rng = np.random.default_rng(0)
    augment = {name: partial(nn.AUGMENTATIONS[name](), rng=rng) for name in ("shift", "affine")}
    times = time_rounds(
        {
            "baseline": numpy_peers.ours(CASE),
            "placebo": numpy_peers.ours(CASE),
            "l2": numpy_peers.ours(CASE, penalty=nn.L2(1e-4)),
            "dropout 0.5, both hidden layers": numpy_peers.ours(CASE, rate=0.5),
            **{name: numpy_peers.ours(CASE, augment=call) for name, call in augment.items()},
        },
        n_rounds,
        cpu=cpu,
    )
    lines = ["| component | step time ratio |", "|---|---|"]
    for name, seconds in times.items():
        ratio = median(a / b for a, b in zip(seconds, times["baseline"], strict=True))
        lines.append(f"| {name} | {ratio:.3f} |")
    return [*lines, "", f"Elastic distortion of 128 images: {_elastic_ms(n_rounds, cpu):.2f} ms."]


def _elastic_ms(n_rounds: int, cpu: bool) -> float:
    images = np.random.default_rng(0).random((128, 28, 28), dtype=np.float32)
    distort, rng = nn.AUGMENTATIONS["elastic"](), np.random.default_rng(1)
    clock, seconds = process_time if cpu else perf_counter, []
    for _ in range(10 * n_rounds):
        start = clock()
        distort(images, rng=rng)
        seconds.append(clock() - start)
    return 1e3 * median(seconds)
