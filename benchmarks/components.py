"""What a component adds to a step: 784-256-128-10, batch 128, SGD."""

from __future__ import annotations

from functools import partial
from statistics import median

import numpy as np

import nn
from benchmarks import numpy_peers
from benchmarks.problem import Case
from benchmarks.rounds import time_rounds
from benchmarks.targets import Target

CASE = Case((784, 256, 128, 10), 128, "sgd")
# The step with the component over the step without; None where nothing is asked.
ASKED = {"placebo": None, "l2": 1.03, "dropout": 1.06, "shift": 1.05, "affine": 1.9}


def component_ratios(n_rounds: int, *, cpu: bool, case: Case = CASE) -> dict[str, float]:
    """Return step time with each component over step time without, paired by round."""
    rng = np.random.default_rng(0)
    augment = {name: partial(nn.AUGMENTATIONS[name](), rng=rng) for name in ("shift", "affine")}
    times = time_rounds(
        {
            "baseline": numpy_peers.ours(case),
            "placebo": numpy_peers.ours(case),
            "l2": numpy_peers.ours(case, penalty=nn.L2(1e-4)),
            "dropout": numpy_peers.ours(case, rate=0.5),
            **{name: numpy_peers.ours(case, augment=call) for name, call in augment.items()},
        },
        n_rounds,
        cpu=cpu,
    )
    baseline = times.pop("baseline")
    return {
        name: median(a / b for a, b in zip(seconds, baseline, strict=True))
        for name, seconds in times.items()
    }


def component_table(ratios: dict[str, float]) -> list[str]:
    """Return the ratios as Markdown; the placebo is the baseline a second time."""
    rows = [f"| {name} | {ratio:.3f} |" for name, ratio in ratios.items()]
    return ["| component | step time ratio |", "|---|---|", *rows]


def component_targets(ratios: dict[str, float]) -> list[Target]:
    """Return the bounds on the ratios."""
    return [
        Target(f"step with {name} over step without", ratios[name], bound, at_most=True)
        for name, bound in ASKED.items()
        if bound is not None
    ]
