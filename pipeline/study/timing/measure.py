"""Measure step costs: one fresh process after the other, one BLAS thread each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pandas as pd

from experiments.analysis.step_cost import ROUND_COLUMNS
from experiments.design.step_arms import StepArm
from experiments.network.network_recipe import NetworkRecipe
from pipeline.study.dataset_card import DatasetCard
from pipeline.study.executors.threads import VARIABLES
from pipeline.study.timing import process
from pipeline.study.timing_protocol import TimingProtocol

# Long enough that reading the clocks does not count, short enough that a round's two sides meet
# the same machine.
BURST_S = 0.008


def measure(
    card: DatasetCard,
    baseline: NetworkRecipe,
    arms: Sequence[StepArm],
    protocol: TimingProtocol,
    *,
    seed: int,
    burst_s: float = BURST_S,
) -> pd.DataFrame:
    """Return the rounds of all processes, `ROUND_COLUMNS`, in the arms' order.

    Raises
    ------
    RuntimeError
        If a process fails; its last words are in the message.
    """
    from tqdm import tqdm

    request = {
        "dataset": card.name,
        "content_hash": card.content_hash,
        "seed": seed,
        "recipes": [(r.path, r.as_dict()) for r in (baseline, *(arm.recipe for arm in arms))],
        "rounds": protocol.rounds,
        "burst_s": burst_s,
    }
    rows: list[tuple[Any, ...]] = []
    for number in tqdm(range(protocol.processes), desc=f"time {card.name}", file=sys.stderr):
        answer = _ask({**request, "process": number})
        for variant, round_, *seconds in answer["rounds"]:
            arm = arms[int(variant) - 1]
            # A round has two bursts of each side.
            steps = 2 * answer["n_steps"]
            rows.append((number, arm.component, arm.level, round_, *seconds, steps))
    table = pd.DataFrame(rows, columns=list(ROUND_COLUMNS))
    order = {(arm.component, arm.level): place for place, arm in enumerate(arms)}
    places = [order[key] for key in zip(table["component"], table["level"], strict=True)]
    by_arm = table.assign(_place=places).sort_values(["_place", "process", "round"])
    return by_arm.drop(columns="_place").reset_index(drop=True)


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    paths = os.pathsep.join(filter(None, sys.path))
    pinned = dict.fromkeys(VARIABLES, "1")
    done = subprocess.run(
        # Without -P the working directory would go before this project's packages.
        [sys.executable, "-P", "-m", process.__name__],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **pinned, "PYTHONPATH": paths},
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"timing process ended with exit code {done.returncode}: {last}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
