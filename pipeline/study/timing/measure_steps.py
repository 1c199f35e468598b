"""Measure step costs: one fresh process after the other, one BLAS thread each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd

from experiments.analysis.step_cost import ROUND_COLUMNS
from experiments.design.step_arms import StepArm
from experiments.network.network_recipe import NetworkRecipe
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.machine import VARIABLES
from pipeline.study.settings import BURST_S, MIDDLE_PROCESSES, WARM_UP_ROUNDS, TimingProtocol
from pipeline.study.timing import process

# Passes the processes' numbers through and shows how far it is.
Shown = Callable[[Sequence[int]], Iterable[int]]


def measure(
    card: DatasetCard,
    baseline: NetworkRecipe,
    arms: Sequence[StepArm],
    protocol: TimingProtocol,
    *,
    seed: int,
    burst_s: float = BURST_S,
    shown: Shown = iter,
) -> tuple[pd.DataFrame, list[str]]:
    """Time every arm against the baseline.

    Returns
    -------
    rounds : DataFrame
        Of all processes, in the arms' order: `ROUND_COLUMNS` and `phase`, "start" or "middle".
        An arm that cannot run has none; without the baseline nobody has.
    failures : list of str
        What went wrong, a line each.
    """
    request = {
        "dataset": card.name,
        "content_hash": card.content_hash,
        "seed": seed,
        "recipes": [(r.path, r.as_dict()) for r in (baseline, *(arm.recipe for arm in arms))],
        "rounds": protocol.rounds,
        "warm_up": WARM_UP_ROUNDS,
        "burst_s": burst_s,
    }
    rows: list[tuple[Any, ...]] = []
    failures: dict[str, None] = {}
    for number in shown(range(protocol.processes)):
        answer = _ask({**request, "process": number, "middle": number < MIDDLE_PROCESSES})
        for variant, reason in answer["failures"]:
            arm = arms[variant - 1]
            who = f"{arm.component} {arm.level}" if variant else "the baseline"
            failures[f"{who} has no step cost: {reason}"] = None
        # A round has two bursts of each side.
        steps = 2 * answer["n_steps"]
        for phase, variant, round_, *seconds in answer["rounds"]:
            place, arm = int(variant), arms[int(variant) - 1]
            named = (number, arm.component, arm.level, round_)
            rows.append((place, *named, *seconds, steps, phase))
    table = pd.DataFrame(rows, columns=["place", *ROUND_COLUMNS, "phase"])
    table = table.sort_values(["place", "process", "phase", "round"], ignore_index=True)
    return table.drop(columns="place"), list(failures)


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    """Return a fresh process's answer; what ends the process is a failure of everything in it."""
    paths = os.pathsep.join(filter(None, sys.path))
    pinned = dict.fromkeys(VARIABLES, "1")
    done = subprocess.run(
        # Without -P the working directory would go before this project's packages.
        [sys.executable, "-P", "-m", process.__name__],
        input=json.dumps(request),
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **pinned, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        reason = f"the timing process ended with exit code {done.returncode}: {last}"
        return {"failures": [(0, reason)], "rounds": [], "n_steps": 0}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
